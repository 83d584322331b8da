import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../domain/errors.ts";
import { parseEnvFile } from "../domain/secrets/env-file.ts";
import { root } from "./paths.ts";
import { CommandError, run } from "./process.ts";

/**
 * Reads the secrets of `stacks/.env.<environment>`, or returns undefined when there is no such file.
 *
 * @throws {UserError} `env-file-open` when others than its owner can read it, `env-file-tracked`
 * when git has it, `invalid-input` when it is malformed.
 */
export async function readEnvFile(environment: string) {
  const name = `stacks/.env.${environment}`;
  const path = join(root, name);
  const found = await lstat(path).catch(() => undefined);
  if (!found) return undefined;
  if (!found.isFile() || (found.mode & 0o077) !== 0) {
    throw new UserError(
      "env-file-open",
      `${name} has mode ${(found.mode & 0o777).toString(8)}: secrets must be a plain file that only you can read`,
      `chmod 600 ${name}`,
    );
  }
  if (await isTracked(name)) {
    throw new UserError(
      "env-file-tracked",
      `${name} is in git, where secrets stay for ever`,
      `git rm --cached ${name}   # then change every secret that was in it`,
    );
  }
  return parseEnvFile(name, await readFile(path, "utf8"));
}

async function isTracked(name: string): Promise<boolean> {
  try {
    await run("git", ["ls-files", "--error-unmatch", "--", name], { cwd: root });
    return true;
  } catch (error) {
    // Not a repository, or no git at all: then nothing is tracked.
    if (error instanceof CommandError) return false;
    throw error;
  }
}
