import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../domain/errors.ts";
import { parseEnvFile } from "../domain/secrets/env-file.ts";
import { readIfExists } from "./files.ts";
import { root } from "./paths.ts";
import { CommandError, run } from "./process.ts";

/**
 * Reads the secrets of `stacks/.env.<environment>`, or returns undefined when there is no such file.
 *
 * @throws {UserError} `env-file-open` when others than its owner can read it or it is no plain file,
 * `env-file-tracked` when git has it, `invalid-input` when it is malformed.
 */
export async function readEnvFile(environment: string) {
  const name = `stacks/.env.${environment}`;
  const path = join(root, name);
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!found) return undefined;
  refuseOpen(name, found);
  if (await isTracked(name)) {
    throw new UserError(
      "env-file-tracked",
      `${name} is in git, where secrets stay for ever`,
      `git rm --cached ${name}   # then change every secret that was in it`,
    );
  }
  return parseEnvFile(name, (await readIfExists(path, name)) ?? "");
}

function refuseOpen(name: string, found: Stats): void {
  if (!found.isFile()) {
    throw new UserError(
      "env-file-open",
      `${name} is not a plain file, so others may reach what it holds in another way`,
      `Put the file itself in its place, with mode 600; stacks/.env.example shows the keys`,
    );
  }
  const mode = found.mode & 0o777;
  if ((mode & 0o077) === 0) return;
  throw new UserError(
    "env-file-open",
    `${name} has mode ${mode.toString(8)}: secrets must be in a file that only you can read`,
    `chmod 600 ${name}`,
  );
}

async function isTracked(name: string): Promise<boolean> {
  try {
    // Asked of a repository of another owner, git would otherwise refuse to say.
    const trust = ["-c", "safe.directory=*"];
    await run("git", [...trust, "ls-files", "--error-unmatch", "--", name], { cwd: root });
    return true;
  } catch (error) {
    // Not a repository, or no git at all: then nothing is tracked.
    if (error instanceof CommandError) return false;
    throw error;
  }
}
