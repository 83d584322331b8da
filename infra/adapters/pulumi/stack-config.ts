import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "../../domain/canonical.ts";
import { UserError } from "../../domain/errors.ts";
import { readIfExists, writeAtomically } from "../files.ts";
import { projectFolder, root } from "../paths.ts";
import { makeCipher, openCipher } from "./cipher.ts";
import { editStackConfig } from "./stack-config-edit.ts";

/**
 * The encrypted configuration of one stack, opened with its passphrase. Reading it here tells a wrong
 * passphrase before anything else happens; writing it here never leaves half a file, and neither
 * needs a process of its own.
 */
export interface StackConfig {
  /** The plain text of a secret value, or undefined when the configuration has no such key. */
  secret(key: string): string | undefined;
  /** Encrypts a value into the file. All else in it stays as it is. */
  setSecret(key: string, text: string): Promise<void>;
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
  const file = ownPassphraseFile(stack);
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

/** Where this checkout keeps a passphrase that it made up. */
export function ownPassphraseFile(stack: string): string {
  return join(projectFolder, `passphrase.${stack}`);
}

async function keep(file: string, text: string): Promise<string> {
  if ((await readIfExists(file)) !== text) await writeAtomically(file, text);
  return file;
}

/** Whether a stack's configuration holds anything encrypted yet. */
export async function isEncrypted(stack: string): Promise<boolean> {
  const { salt, provider } = await readConfig(stack);
  return salt !== undefined || provider !== undefined;
}

/**
 * Opens the configuration of a stack. One that has nothing encrypted yet opens with any passphrase,
 * and is encrypted with it by the first value that is set.
 *
 * @throws {UserError} `passphrase-wrong`, `passphrase-missing`; `secrets-provider` when it is not
 * encrypted with a passphrase; `stack-config` when the file is no YAML, or when a value that is read
 * cannot be opened although the passphrase is right.
 */
export async function openStackConfig(stack: string, passphrasePath: string): Promise<StackConfig> {
  const { salt, provider, values } = await readConfig(stack);
  if (provider !== undefined && provider !== "passphrase") throw foreignProvider(stack, provider);
  let cipher = salt && (await openCipher(salt, await readPassphrase(passphrasePath)));
  if (salt && !cipher) throw wrongPassphrase(stack, passphrasePath);
  return {
    secret(key) {
      const value = values[key];
      if (!cipher || value === undefined || value === null) return undefined;
      const sealed = typeof value === "string" ? "" : (value.secure ?? "");
      return cipher.open(sealed) ?? refuseValue(stack, key);
    },
    async setSecret(key, text) {
      cipher ||= await makeCipher(await readPassphrase(passphrasePath));
      await editStackConfig(stackConfigFile(stack), {
        encryptionsalt: cipher.salt,
        config: { [key]: { secure: cipher.seal(text) } },
      });
    },
  };
}

/** Where a deployment says which cluster its stack is in, so that another one is told from it. */
const clusterKey = "slipway:cluster";

/**
 * The cluster of a stack, as its first deployment recorded it. Needs no passphrase.
 *
 * @throws {UserError} `stack-config` when the file is no YAML.
 */
export async function readClusterUid(stack: string): Promise<string | undefined> {
  const uid = (await readConfig(stack)).values[clusterKey];
  return typeof uid === "string" ? uid : undefined;
}

/** Records it, for everybody to read. */
export async function writeClusterUid(stack: string, uid: string): Promise<void> {
  await editStackConfig(stackConfigFile(stack), { config: { [clusterKey]: uid } });
}

/** Where a deployment says, for everybody to read, which version of its Secret each agent has. */
const secretVersionsKey = "slipway:secretVersions";

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

/** Records them, for everybody to read. */
export async function writeSecretVersions(
  stack: string,
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  await editStackConfig(stackConfigFile(stack), {
    config: { [secretVersionsKey]: canonicalJson(versions) },
  });
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

function wrongPassphrase(stack: string, passphrasePath: string): UserError {
  return new UserError(
    "passphrase-wrong",
    `The passphrase in ${passphrasePath} is not the one that stacks/Pulumi.${stack}.yaml was encrypted with`,
    "export PULUMI_CONFIG_PASSPHRASE_FILE=<file that holds the right passphrase>",
  );
}

function foreignProvider(stack: string, provider: string): UserError {
  return new UserError(
    "secrets-provider",
    `stacks/Pulumi.${stack}.yaml is encrypted by ${provider.split(":")[0]}, and only a passphrase opens it here`,
    `cd infra/deploy && npx pulumi stack change-secrets-provider passphrase --stack ${stack}`,
  );
}

function refuseValue(stack: string, name: string): never {
  throw new UserError(
    "stack-config",
    `${name} in stacks/Pulumi.${stack}.yaml is not a value encrypted with the stack's passphrase`,
    `git checkout stacks/Pulumi.${stack}.yaml`,
  );
}

async function readConfig(stack: string): Promise<ReadConfig> {
  const text = await readIfExists(stackConfigFile(stack));
  if (text === undefined) return { values: {} };
  const { parse } = await import("yaml"); // Only here: an unchanged stack is recognised without it.
  try {
    const file: StackFile | null = parse(text);
    return {
      salt: file?.encryptionsalt,
      provider: file?.secretsprovider,
      values: file?.config ?? {},
    };
  } catch (error) {
    const [where] = (error as Error).message.split("\n", 1);
    throw new UserError(
      "stack-config",
      `stacks/Pulumi.${stack}.yaml cannot be read: ${where}`,
      `git diff stacks/Pulumi.${stack}.yaml   # after a merge, settle its conflicts`,
    );
  }
}

interface ReadConfig {
  readonly salt?: string | undefined;
  readonly provider?: string | undefined;
  readonly values: NonNullable<StackFile["config"]>;
}

interface StackFile {
  readonly encryptionsalt?: string;
  readonly secretsprovider?: string;
  readonly config?: Readonly<Record<string, { readonly secure?: string } | string | null>> | null;
}
