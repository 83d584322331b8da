import type { SecretsList } from "../../../infra/deploy/secrets-list.ts";
import type { DeclaredSecret } from "../../../infra/domain/secrets/usage.ts";
import { command } from "../../command.ts";

export const secretsListCommand = command<{ environment: string }>({
  command: "secrets list <environment>",
  describe: "List the secrets of a stack's agents: where they come from and in which version",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .example("$0 secrets list prod", "Versions are keyed digests; no value is shown"),
  run: async ({ environment }, { print }) => {
    const { listSecrets } = await import("../../../infra/deploy/secrets-list.ts");
    const list = await listSecrets(environment);
    print(list, renderList(list));
  },
});

function renderList({ stack, source, agents, unclaimed }: SecretsList): string {
  const lines = agents.flatMap(({ agent, version, deployed, keys }) => [
    `  ${agent}: ${rollout(version, deployed)}`,
    ...keys.map((key) => `    ${key.key}, ${key.need}: ${describe(key)}`),
  ]);
  const strangers = unclaimed.map((key) => `  ${key}: no agent declares it, remove it`);
  return [`${stack}: ${sources(stack)[source]}`, ...lines, ...strangers].join("\n");
}

function sources(stack: string): Readonly<Record<SecretsList["source"], string>> {
  return {
    "env-file": `secrets from stacks/.env.${stack}`,
    configuration: `secrets from stacks/Pulumi.${stack}.yaml`,
    closed: `secrets from stacks/Pulumi.${stack}.yaml, whose passphrase is not here`,
    none: "no secrets yet",
  };
}

function rollout(version: string | undefined, deployed: string | undefined): string {
  if (deployed === undefined) return "not deployed yet";
  if (version === undefined || version === deployed) return `runs with version ${deployed}`;
  return `runs with version ${deployed}, the next deployment rolls it to ${version}`;
}

function describe({ set, version }: DeclaredSecret): string {
  if (set === undefined) return "not known here";
  return set ? ["set", version && `version ${version}`].filter(Boolean).join(", ") : "not set";
}
