import { command } from "../../command.ts";
import { changeText } from "./change-text.ts";

export const secretsRemoveCommand = command<{ environment: string; key: string }>({
  command: "secrets remove <environment> <key>",
  describe: "Take a secret out of a stack's configuration",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .positional("key", { type: "string", demandOption: true, describe: "Such as OPENAI_API_KEY" })
      .example("$0 secrets remove prod OLD_API_KEY", "No agent declares it any more"),
  run: async ({ environment, key }, { print }) => {
    const { removeSecret } = await import("../../../infra/deploy/secrets-edit.ts");
    const change = await removeSecret(environment, key);
    print(change, changeText(change));
  },
});
