import { command } from "../command.ts";

interface FreezeArguments {
  environment: string;
  until: string;
  reason: string;
}

export const freezeCommand = command<FreezeArguments>({
  command: "freeze <environment>",
  describe: "Let no release into an environment until a moment; in stacks/pipeline.yaml",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .options({
        until: { type: "string", demandOption: true, describe: "Such as 2030-12-20T18:00Z" },
        reason: { type: "string", demandOption: true, describe: "Why; who is refused reads it" },
      })
      .example(
        '$0 freeze prod --until 2031-01-02T08:00Z --reason "end of the year"',
        "Leave prod as it is over the holidays",
      ),
  run: async ({ environment, until, reason }, { print }) => {
    const { freeze } = await import("../../infra/adapters/freezes.ts");
    await freeze(environment, until, reason);
    print({ environment, until, reason }, `${environment} is frozen until ${until}: ${reason}`);
  },
});
