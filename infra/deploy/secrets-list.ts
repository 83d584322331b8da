import { readEnvFile } from "../adapters/env-file.ts";
import { readSecretVersions } from "../adapters/pulumi/stack-config.ts";
import { readStack } from "../adapters/read-stack.ts";
import { type AgentSecrets, secretUsage, unclaimedSecrets } from "../domain/secrets/usage.ts";
import { keyedHash, openSecrets } from "./secrets.ts";

/** The secrets of a stack, without any value. */
export interface SecretsList {
  readonly stack: string;
  /**
   * Where the next deployment takes the values from: the env file, the encrypted configuration, one
   * whose passphrase is not here (`closed`), or nowhere yet.
   */
  readonly source: "env-file" | "configuration" | "closed" | "none";
  readonly agents: readonly (AgentSecrets & {
    /** The version that the last deployment gave the agent. Absent when it was never deployed. */
    readonly deployed?: string;
  })[];
  /** Keys that have a value and that no agent declares: the next deployment refuses them. */
  readonly unclaimed: readonly string[];
}

/**
 * Lists the secrets that the agents of a stack declare. Changes nothing, and needs no passphrase;
 * without it, versions are left out.
 *
 * @throws {UserError} everything wrong with the stack's files.
 */
export async function listSecrets(name: string): Promise<SecretsList> {
  const [{ agents }, file, stored, deployed] = await Promise.all([
    readStack(name),
    readEnvFile(name),
    openSecrets(name),
    readSecretVersions(name),
  ]);
  const secrets = stored === "closed" ? undefined : stored;
  const values = file ?? (stored === "closed" ? undefined : (stored?.values ?? {}));
  const used = secretUsage(agents, {
    ...(values && { values }),
    ...(secrets && { keyed: keyedHash(secrets) }),
  });
  return {
    stack: name,
    source: file ? "env-file" : stored === "closed" ? "closed" : stored ? "configuration" : "none",
    agents: used.map((one) => {
      const version = deployed[one.agent];
      return { ...one, ...(version !== undefined && { deployed: version }) };
    }),
    unclaimed: unclaimedSecrets(agents, Object.keys(values ?? {})),
  };
}
