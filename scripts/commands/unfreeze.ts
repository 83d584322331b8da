import { command } from "../command.ts";

export const unfreezeCommand = command<{ environment: string }>({
  command: "unfreeze <environment>",
  describe: "Let releases into an environment again",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .example("$0 unfreeze prod", "Take away the freeze that holds now"),
  run: async ({ environment }, { print }) => {
    const { unfreeze } = await import("../../infra/adapters/freezes.ts");
    await unfreeze(environment);
    print({ environment }, `${environment} is no longer frozen`);
  },
});
