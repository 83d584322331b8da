import { command } from "../../command.ts";
import { changeText } from "./change-text.ts";

export const secretsSyncCommand = command<{ environment: string }>({
  command: "secrets sync <environment>",
  describe: "Encrypt the secrets of stacks/.env.<environment> into its configuration",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .example("$0 secrets sync prod", "Then commit stacks/Pulumi.prod.yaml"),
  run: async ({ environment }, { print }) => {
    const { takeEnvFile } = await import("../../../infra/deploy/secrets-edit.ts");
    const change = await takeEnvFile(environment);
    print(change, changeText(change));
  },
});
