import { randomBytes } from "node:crypto";
import { readEnvFile } from "../adapters/env-file.ts";
import {
  type EngineRun,
  ensureStack,
  setPlainConfig,
  setSecretConfig,
} from "../adapters/pulumi/engine.ts";
import {
  openStackConfig,
  readSecretVersions,
  secretVersionsKey,
} from "../adapters/pulumi/stack-config.ts";
import { canonicalJson } from "../domain/canonical.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { secretVersions } from "../domain/render/secret-versions.ts";

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

/**
 * Keeps the versions of the Secrets among the objects in the stack's configuration, in clear: with
 * them `render` names the same Secrets and needs no passphrase.
 */
export async function recordSecretVersions(
  objects: readonly KubernetesObject[],
  engine: EngineRun,
): Promise<void> {
  const versions = canonicalJson(secretVersions(objects));
  if (versions === canonicalJson(await readSecretVersions(engine.stack))) return;
  await setPlainConfig(secretVersionsKey, versions, engine);
}

/** The secrets in the text of the configuration value, if there are any. */
export function parseSecrets(text: string | undefined): StackSecrets | undefined {
  return text === undefined ? undefined : JSON.parse(text);
}
