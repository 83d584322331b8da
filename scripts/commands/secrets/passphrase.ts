import { command } from "../../command.ts";

export const secretsPassphraseCommand = command<{ environment: string }>({
  command: "secrets passphrase <environment>",
  describe: "Change the passphrase of a stack; the new one comes from standard input",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .example("$0 secrets passphrase prod", "Type the new one twice, which is not shown")
      .example("openssl rand -base64 32 | $0 secrets passphrase dev", "Or make one up"),
  run: async ({ environment }, { print, signal }) => {
    const { readNewPassphrase } = await import("../../secret-input.ts");
    const passphrase = await readNewPassphrase(`New passphrase of ${environment}`, signal);
    const { changeStackPassphrase } = await import("../../../infra/deploy/secrets-passphrase.ts");
    const { kept } = await changeStackPassphrase(environment, passphrase);
    const place = kept
      ? `${kept} holds it`
      : "put it where PULUMI_CONFIG_PASSPHRASE_FILE or PULUMI_CONFIG_PASSPHRASE have the old one";
    print(
      { stack: environment, ...(kept && { kept }) },
      `stacks/Pulumi.${environment}.yaml and the state have a new passphrase: ${place}\n` +
        "Earlier commits of the file, and backups of the state, still open with the old one",
    );
  },
});
