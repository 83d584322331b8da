import { createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../domain/errors.ts";
import { readIfExists, writeAtomically } from "../files.ts";
import { projectFolder, root } from "../paths.ts";

/**
 * The encrypted configuration of one stack, opened with its passphrase.
 *
 * The format is Pulumi's passphrase secrets provider: a salt line
 * `v1:<salt>:v1:<nonce>:<ciphertext of "pulumi">`, and secure values `v1:<nonce>:<ciphertext>`;
 * PBKDF2-SHA256 with a million rounds, then AES-256-GCM
 * (https://www.pulumi.com/docs/iac/concepts/secrets/). Reading it here tells a wrong passphrase
 * before anything else happens, without a process of its own.
 */
export interface StackConfig {
  /** The plain text of a secret value, or undefined when the configuration has no such key. */
  secret(key: string): string | undefined;
}

/** The configuration file of a stack of the deploy project: shared by the team, in git. */
export function stackConfigFile(stack: string): string {
  return join(root, "stacks", `Pulumi.${stack}.yaml`);
}

/**
 * The file that holds the stack's passphrase: PULUMI_CONFIG_PASSPHRASE_FILE, a copy of
 * PULUMI_CONFIG_PASSPHRASE, or this checkout's own one, which is made up for a new stack.
 *
 * @throws {UserError} `passphrase-missing` when the stack is encrypted with one that is not here.
 */
export async function passphraseFile(stack: string): Promise<string> {
  const given = process.env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (given) return given;
  const file = join(projectFolder, `passphrase.${stack}`);
  const text = process.env.PULUMI_CONFIG_PASSPHRASE;
  // Beside the stack's own file, which may hold the only copy of a passphrase that was made up.
  if (text !== undefined) return keep(`${file}.given`, text);
  if ((await readIfExists(file)) !== undefined) return file;
  const { salt } = await readConfig(stack);
  if (salt) {
    throw new UserError(
      "passphrase-missing",
      `stacks/Pulumi.${stack}.yaml is encrypted, and its passphrase is neither in the environment nor in .slipway/passphrase.${stack}`,
      `export PULUMI_CONFIG_PASSPHRASE_FILE=<file that holds the passphrase of ${stack}>`,
    );
  }
  await writeAtomically(file, randomBytes(32).toString("base64url"));
  return file;
}

async function keep(file: string, text: string): Promise<string> {
  if ((await readIfExists(file)) !== text) await writeAtomically(file, text);
  return file;
}

/**
 * Opens the configuration of a stack, or returns undefined when it holds nothing encrypted yet.
 *
 * @throws {UserError} `passphrase-wrong`, `passphrase-missing`; `stack-config` when the file is no
 * YAML, or when a value that is read cannot be opened although the passphrase is right.
 */
export async function openStackConfig(
  stack: string,
  passphrasePath: string,
): Promise<StackConfig | undefined> {
  const { salt, values } = await readConfig(stack);
  if (!salt) return undefined;
  const passphrase = await readPassphrase(passphrasePath);
  const [, saltBytes = "", ...check] = salt.split(":");
  const key = await derive(passphrase, Buffer.from(saltBytes, "base64"), 1_000_000, 32, "sha256");
  if (decrypt(key, check.join(":")) === undefined) throw wrongPassphrase(stack, passphrasePath);
  return {
    secret(name) {
      const value = values[name];
      if (value === undefined || value === null) return undefined;
      const sealed = typeof value === "string" ? "" : (value.secure ?? "");
      return decrypt(key, sealed) ?? refuseValue(stack, name);
    },
  };
}

/** Where a deployment says, for everybody to read, which version of its Secret each agent has. */
export const secretVersionsKey = "slipway:secretVersions";

/**
 * The last part of the name of each agent's Secret, by agent, as the last deployment of the stack
 * recorded it. Needs no passphrase. Empty before the first one.
 *
 * @throws {UserError} `stack-config` when the file is no YAML, or the record in it is damaged.
 */
export async function readSecretVersions(stack: string): Promise<Record<string, string>> {
  const { values } = await readConfig(stack);
  const text = values[secretVersionsKey];
  if (text === undefined || text === null) return {};
  const found = parseVersions(text);
  if (found) return found;
  throw new UserError(
    "stack-config",
    `${secretVersionsKey} in stacks/Pulumi.${stack}.yaml is not what a deployment writes`,
    `npx slipway deploy ${stack}`,
  );
}

function parseVersions(text: unknown): Record<string, string> | undefined {
  try {
    const found = JSON.parse(String(text));
    const sound = Object.values(found).every((version) => /^[0-9a-f]+$/.test(String(version)));
    return sound ? found : undefined;
  } catch {
    return undefined;
  }
}

const derive = promisify(pbkdf2);

async function readPassphrase(path: string): Promise<string> {
  try {
    // The engine trims the file too.
    return (await readFile(path, "utf8")).trim();
  } catch {
    throw new UserError(
      "passphrase-missing",
      `The passphrase file ${path} cannot be read`,
      "export PULUMI_CONFIG_PASSPHRASE_FILE=<file that holds the passphrase>",
    );
  }
}

/** The plain text, or undefined when the key does not fit it. */
function decrypt(key: Buffer, text: string): string | undefined {
  const [, nonce = "", sealed = ""] = text.split(":");
  const bytes = Buffer.from(sealed, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-16));
    return decipher.update(bytes.subarray(0, -16), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}

function wrongPassphrase(stack: string, passphrasePath: string): UserError {
  return new UserError(
    "passphrase-wrong",
    `The passphrase in ${passphrasePath} is not the one that stacks/Pulumi.${stack}.yaml was encrypted with`,
    "export PULUMI_CONFIG_PASSPHRASE_FILE=<file that holds the right passphrase>",
  );
}

function refuseValue(stack: string, name: string): never {
  throw new UserError(
    "stack-config",
    `${name} in stacks/Pulumi.${stack}.yaml is not a value encrypted with the stack's passphrase`,
    `git checkout stacks/Pulumi.${stack}.yaml`,
  );
}

async function readConfig(stack: string) {
  const text = await readIfExists(stackConfigFile(stack));
  if (text === undefined) return { values: {} };
  const { parse } = await import("yaml"); // Only here: an unchanged stack is recognised without it.
  try {
    const file: StackFile | null = parse(text);
    return { salt: file?.encryptionsalt, values: file?.config ?? {} };
  } catch (error) {
    const [where] = (error as Error).message.split("\n", 1);
    throw new UserError(
      "stack-config",
      `stacks/Pulumi.${stack}.yaml cannot be read: ${where}`,
      `git diff stacks/Pulumi.${stack}.yaml   # after a merge, settle its conflicts`,
    );
  }
}

interface StackFile {
  readonly encryptionsalt?: string;
  readonly config?: Readonly<Record<string, { readonly secure?: string } | string | null>>;
}
