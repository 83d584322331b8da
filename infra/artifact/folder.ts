import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A file to be written. */
export interface PlacedFile {
  /** From the folder, with slashes. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** @default false */
  readonly executable?: boolean;
}

/**
 * Puts a folder with these files in place of what is there. Whoever looks sees the old folder, the
 * new one or, for an instant between two renames, none; never a part of one.
 */
export async function replaceFolder(folder: string, files: readonly PlacedFile[]): Promise<void> {
  const suffix = `${randomBytes(6).toString("hex")}.tmp`;
  const [fresh, old] = [`${folder}.${suffix}`, `${folder}.old-${suffix}`];
  try {
    await mkdir(fresh, { recursive: true });
    for (const file of files) await writePlain(fresh, file);
    if (existsSync(folder)) await rename(folder, old);
    await rename(fresh, folder);
  } catch (error) {
    if (existsSync(old) && !existsSync(folder)) await rename(old, folder);
    throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

async function writePlain(folder: string, { path, content, executable }: PlacedFile) {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content, { flag: "wx" });
  await chmod(target, executable ? 0o755 : 0o644);
}
