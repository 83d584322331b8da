import { command } from "../../command.ts";
import { changeText } from "./change-text.ts";

export const secretsSetCommand = command<{ environment: string; key: string }>({
  command: "secrets set <environment> <key>",
  describe: "Encrypt a secret into a stack's configuration; its value comes from standard input",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .positional("key", { type: "string", demandOption: true, describe: "Such as OPENAI_API_KEY" })
      .example("$0 secrets set prod OPENAI_API_KEY", "Type the value, which is not shown")
      .example("$0 secrets set prod OPENAI_API_KEY < key.txt", "Or take it from a file"),
  run: async ({ environment, key }, { print, signal }) => {
    const { readSecretInput } = await import("../../secret-input.ts");
    const value = await readSecretInput(`${key} of ${environment}`, signal);
    const { setSecret } = await import("../../../infra/deploy/secrets-edit.ts");
    const change = await setSecret(environment, key, value);
    print(change, changeText(change));
  },
});
