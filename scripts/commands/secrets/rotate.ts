import { command } from "../../command.ts";

export const secretsRotateCommand = command<{ environment: string; key: string }>({
  command: "secrets rotate <environment> <key>",
  describe: "Give a secret a new value and roll the agents that use it, no others",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .positional("key", { type: "string", demandOption: true, describe: "Such as OPENAI_API_KEY" })
      .example("$0 secrets rotate prod OPENAI_API_KEY", "Type the new value, which is not shown"),
  run: async ({ environment, key }, { print, report, signal }) => {
    const { readSecretInput } = await import("../../secret-input.ts");
    const value = await readSecretInput(`New ${key} of ${environment}`, signal);
    const { rotateSecret } = await import("../../../infra/deploy/secrets-rotate.ts");
    const rotation = await rotateSecret(key, value, { stack: environment, report, signal });
    const rolled = rotation.rolls.join(", ") || "no agent";
    print(rotation, `${key} of ${environment} is rotated: rolled ${rolled}`);
  },
});
