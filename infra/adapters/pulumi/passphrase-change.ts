import { readFile, rm, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { UserError } from "../../domain/errors.ts";
import { readIfExists, writeAtomically } from "../files.ts";
import { projectFolder, root } from "../paths.ts";
import { makeCipher, openCipher, reseal, saltIn } from "./cipher.ts";
import { stateFile, usesLocalState } from "./engine.ts";
import { ownPassphraseFile, passphraseFile, stackConfigFile } from "./stack-config.ts";

/** What a change of passphrase came to. */
export interface PassphraseChange {
  /** The file that holds the new passphrase; absent when whoever gave the old one has to keep it. */
  readonly kept?: string;
}

/**
 * Encrypts the configuration and the state of a stack with another passphrase. Killed at any moment,
 * either nothing has changed or `finishPassphraseChange` does the rest. The engine's history and
 * backups of the state stay as they are, under the old passphrase.
 *
 * @throws {UserError} `passphrase-empty`; `not-encrypted` when there is nothing to encrypt;
 * `remote-state` when the state is not in this checkout; `passphrase-wrong`, `passphrase-missing`;
 * `stack-config` when something in the files does not open with the passphrase.
 */
export async function changePassphrase(stack: string, next: string): Promise<PassphraseChange> {
  const passphrase = next.trim(); // The engine trims it too.
  refuse(stack, passphrase);
  const old = await passphraseFile(stack);
  const config = await resealFile(stackConfigFile(stack), old, passphrase);
  if (!config) {
    throw new UserError(
      "not-encrypted",
      `stacks/Pulumi.${stack}.yaml holds nothing encrypted yet`,
      `npx slipway secrets set ${stack} <KEY>`,
    );
  }
  const state = await resealFile(stateFile({ project: "deploy", stack }), old, passphrase);
  const own = ownPassphraseFile(stack);
  const isOwn = resolve(old) === own;
  const files = [config, ...(state ? [state] : []), ...(isOwn ? [ownFile(own, passphrase)] : [])];
  await writeAtomically(journal(stack), JSON.stringify(files));
  await finishPassphraseChange(stack);
  return isOwn ? { kept: relative(root, own) } : {};
}

/** Ends a change of passphrase that was killed after it had written down what is to be. */
export async function finishPassphraseChange(stack: string): Promise<void> {
  const text = await readIfExists(journal(stack));
  if (text === undefined) return;
  const files: readonly NextFile[] = JSON.parse(text);
  for (const { path, content, mode } of files) await writeAtomically(path, content, mode);
  await rm(journal(stack), { force: true });
}

/** What a file is to be. */
interface NextFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

const journal = (stack: string) => join(projectFolder, `passphrase.${stack}.change`);

const ownFile = (path: string, content: string): NextFile => ({ path, content, mode: 0o600 });

/** Nothing when the file is not there, or nothing in it is sealed. */
async function resealFile(path: string, old: string, next: string): Promise<NextFile | undefined> {
  const text = await readIfExists(path);
  const salt = text === undefined ? undefined : saltIn(text);
  if (text === undefined || salt === undefined) return undefined;
  const [from, to] = await Promise.all([
    openCipher(salt, (await readFile(old, "utf8")).trim()),
    makeCipher(next),
  ]);
  const file = relative(root, path);
  if (!from) {
    throw new UserError(
      "passphrase-wrong",
      `The passphrase in ${old} is not the one that ${file} was encrypted with`,
      "export PULUMI_CONFIG_PASSPHRASE_FILE=<file that holds the right passphrase>",
    );
  }
  const content = reseal(text, from, to);
  if (content !== undefined) return { path, content, mode: (await stat(path)).mode & 0o777 };
  throw new UserError(
    "stack-config",
    `${file} holds a value that was not encrypted with the stack's passphrase`,
    `git diff ${file}`,
  );
}

function refuse(stack: string, passphrase: string): void {
  if (passphrase === "") {
    throw new UserError(
      "passphrase-empty",
      "The new passphrase is empty",
      `openssl rand -base64 32 | npx slipway secrets passphrase ${stack}`,
    );
  }
  if (usesLocalState()) return;
  throw new UserError(
    "remote-state",
    `The state of ${stack} is in another backend, where only the engine encrypts it anew`,
    `cd infra/deploy && npx pulumi stack change-secrets-provider passphrase --stack ${stack}`,
  );
}
