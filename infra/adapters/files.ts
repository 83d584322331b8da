import { randomBytes } from "node:crypto";
import type { Dirent } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The text of a file, or undefined when there is no such file. */
export async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Writes a file so that a reader, or a kill at any moment, sees the old or the new content and
 * nothing between. The folder is made when it is missing.
 *
 * @param mode permission bits of the file. @default 0o600
 */
export async function writeAtomically(path: string, content: string | Uint8Array, mode = 0o600) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, content, { mode });
    const handle = await open(temporary, "r");
    await handle.sync().finally(() => handle.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Everything below a folder that is no folder itself, in an order that does not depend on the
 * machine.
 *
 * @param notEntered names of folders to leave out with all that is in them
 */
export async function listEntries(
  folder: string,
  notEntered: ReadonlySet<string>,
): Promise<Dirent[]> {
  const found: Dirent[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) found.push(entry);
    else if (!notEntered.has(entry.name)) {
      found.push(...(await listEntries(join(folder, entry.name), notEntered)));
    }
  }
  const path = (entry: Dirent) => join(entry.parentPath, entry.name);
  return found.sort((a, b) => (path(a) < path(b) ? -1 : 1));
}
