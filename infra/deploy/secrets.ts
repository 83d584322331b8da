import { randomBytes } from "node:crypto";
import { readEnvFile } from "../adapters/env-file.ts";
import { type EngineRun, ensureStack, setSecretConfig } from "../adapters/pulumi/engine.ts";
import { openStackConfig } from "../adapters/pulumi/stack-config.ts";

/** The one secret value in a stack's configuration. */
export interface StackSecrets {
  /** Key of the HMAC that names Secrets by their content. Made once for a stack, never shown. */
  readonly fingerprintKey: string;
  /** Secrets of the stack's agents, by key. */
  readonly values: Readonly<Record<string, string>>;
}

/** Where the secrets are in `stacks/Pulumi.<stack>.yaml`. */
export const secretsKey = "slipway:secrets";

/**
 * The secrets of a stack: those of `stacks/.env.<stack>` when the file is there, which then become
 * the stack's encrypted configuration too, else those that the configuration has already.
 *
 * @throws {UserError} `passphrase-wrong`, and everything that `readEnvFile` refuses.
 */
export async function syncSecrets(engine: EngineRun): Promise<StackSecrets> {
  const { stack, passphraseFile } = engine;
  const config = await openStackConfig(stack, passphraseFile);
  const stored = parseSecrets(config?.secret(secretsKey));
  const values = (await readEnvFile(stack)) ?? stored?.values ?? {};
  if (stored && JSON.stringify(values) === JSON.stringify(stored.values)) return stored;
  const fingerprintKey = stored?.fingerprintKey ?? randomBytes(32).toString("base64url");
  const secrets: StackSecrets = { fingerprintKey, values };
  await ensureStack(engine);
  await setSecretConfig(secretsKey, JSON.stringify(secrets), engine);
  return secrets;
}

/** The secrets in the text of the configuration value, if there are any. */
export function parseSecrets(text: string | undefined): StackSecrets | undefined {
  return text === undefined ? undefined : JSON.parse(text);
}
