import { createHmac, randomBytes } from "node:crypto";
import { readEnvFile } from "../adapters/env-file.ts";
import {
  isEncrypted,
  openStackConfig,
  passphraseFile,
  readSecretVersions,
  type StackConfig,
  writeSecretVersions,
} from "../adapters/pulumi/stack-config.ts";
import { canonicalJson } from "../domain/canonical.ts";
import { UserError } from "../domain/errors.ts";
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

/** A stack and the file that holds its passphrase. */
interface StackAccess {
  readonly stack: string;
  readonly passphraseFile: string;
}

/**
 * The secrets of a stack: those of `stacks/.env.<stack>` when the file is there, which then become
 * the stack's encrypted configuration too, else those that the configuration has already.
 *
 * @throws {UserError} `passphrase-wrong`, and everything that `readEnvFile` refuses.
 */
export async function syncSecrets({ stack, passphraseFile }: StackAccess): Promise<StackSecrets> {
  const config = await openStackConfig(stack, passphraseFile);
  const stored = storedSecrets(config);
  const values = (await readEnvFile(stack)) ?? stored?.values ?? {};
  if (stored && JSON.stringify(values) === JSON.stringify(stored.values)) return stored;
  return storeSecrets(config, values);
}

/**
 * The secrets that the configuration of a stack has, without changing anything: undefined when it has
 * none yet, `closed` when its passphrase is not here.
 *
 * @throws {UserError} `secrets-provider`, `stack-config`
 */
export async function openSecrets(stack: string): Promise<StackSecrets | "closed" | undefined> {
  if (!(await isEncrypted(stack))) return undefined;
  try {
    return storedSecrets(await openStackConfig(stack, await passphraseFile(stack)));
  } catch (error) {
    if (error instanceof UserError && error.code.startsWith("passphrase-")) return "closed";
    throw error;
  }
}

/** The secrets in a configuration, if there are any yet. */
export function storedSecrets(config: StackConfig): StackSecrets | undefined {
  return parseSecrets(config.secret(secretsKey));
}

/** Makes these the secrets of a stack, under the key that it has or a new one. */
export async function storeSecrets(
  config: StackConfig,
  values: StackSecrets["values"],
): Promise<StackSecrets> {
  const fingerprintKey =
    storedSecrets(config)?.fingerprintKey ?? randomBytes(32).toString("base64url");
  const secrets: StackSecrets = { fingerprintKey, values };
  await config.setSecret(secretsKey, JSON.stringify(secrets));
  return secrets;
}

/** The keyed digest that names Secrets by their content, HMAC-SHA256 in hex. */
export function keyedHash({ fingerprintKey }: StackSecrets): (text: string) => string {
  return (text) => createHmac("sha256", fingerprintKey).update(text).digest("hex");
}

/**
 * Keeps the versions of the Secrets among the objects in the stack's configuration, in clear: with
 * them `render` names the same Secrets and needs no passphrase.
 */
export async function recordSecretVersions(
  objects: readonly KubernetesObject[],
  { stack }: StackAccess,
): Promise<void> {
  const versions = secretVersions(objects);
  if (canonicalJson(versions) === canonicalJson(await readSecretVersions(stack))) return;
  await writeSecretVersions(stack, versions);
}

/** The secrets in the text of the configuration value, if there are any. */
export function parseSecrets(text: string | undefined): StackSecrets | undefined {
  return text === undefined ? undefined : JSON.parse(text);
}
