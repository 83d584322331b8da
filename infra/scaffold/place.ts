import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { projectFolder, root } from "../adapters/paths.ts";
import type { ArchivedFile } from "../domain/artifact/tar.ts";

/** A folder that is not there yet, by its path from the root of the checkout. */
export interface NewFolder {
  readonly folder: string;
  readonly files: readonly ArchivedFile[];
}

/**
 * Makes folders with all that is in them, each in one step and in this order. When one cannot be
 * made, none is there afterwards.
 */
export async function place(folders: readonly NewFolder[]): Promise<void> {
  await mkdir(projectFolder, { recursive: true, mode: 0o700 });
  const temporary = await mkdtemp(join(projectFolder, "new-"));
  const made: string[] = [];
  try {
    for (const { folder, files } of folders) await write(join(temporary, folder), files);
    for (const { folder } of folders) {
      const target = join(root, folder);
      await mkdir(dirname(target), { recursive: true });
      await rename(join(temporary, folder), target);
      made.push(target);
    }
  } catch (error) {
    for (const target of made) await rm(target, { recursive: true });
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function write(folder: string, files: readonly ArchivedFile[]): Promise<void> {
  for (const { path, content, executable } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: executable ? 0o777 : 0o666 });
  }
}
