import { lstat, mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../domain/errors.ts";
import { readIfExists, writeAtomically } from "./files.ts";

/** Lists the files of a folder that Slipway wrote and may replace or remove, one on a line. */
const listFile = ".slipway-files";

/** What writing a tree changed, by paths inside its folder. */
export interface TreeChanges {
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Makes a folder hold these files beside others of somebody else: writes what differs and removes
 * what an earlier call wrote and this one does not have. A kill at any moment leaves no file half
 * written, and none that the next call does not know for its own.
 *
 * @param files texts by path inside the folder, with slashes
 * @throws {UserError} `foreign-files` when a file is in the way that no call wrote, or a link is on
 * the way to one; nothing is changed then.
 */
export async function writeTree(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<TreeChanges> {
  const paths = Object.keys(files).sort();
  const own = await readList(folder);
  await refuseForeign(folder, paths, own);
  const removed = [...own].filter((path) => !Object.hasOwn(files, path)).sort();
  await mkdir(folder, { recursive: true });
  await writeList(folder, [...paths, ...removed]);
  const written: string[] = [];
  for (const path of paths) {
    if (await write(join(folder, path), files[path] ?? "")) written.push(path);
  }
  for (const path of removed) await remove(folder, path);
  await writeList(folder, paths);
  return { written, removed };
}

async function write(path: string, text: string): Promise<boolean> {
  if ((await readIfExists(path)) === text) return false;
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, text, 0o644);
  return true;
}

async function remove(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true });
  for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) {
    const rest = await readdir(join(folder, parent)).catch(() => [""]);
    if (rest.length > 0) return;
    await rmdir(join(folder, parent));
  }
}

async function readList(folder: string): Promise<ReadonlySet<string>> {
  const text = await readIfExists(join(folder, listFile));
  // Whoever can change the list must not have other files removed by it.
  return new Set(text?.split("\n").filter((path) => inside.test(path)));
}

async function writeList(folder: string, paths: readonly string[]): Promise<void> {
  await write(join(folder, listFile), paths.map((path) => `${path}\n`).join(""));
}

/** Plain names with slashes between them; only the last may begin with a dot, such as .helmignore. */
const inside = /^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*\.?[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

async function refuseForeign(
  folder: string,
  paths: readonly string[],
  own: ReadonlySet<string>,
): Promise<void> {
  const foreign = paths.filter((path) => !inside.test(path));
  const sound = paths.filter((path) => inside.test(path));
  const parents = new Set([...sound, ...own].flatMap(parentsOf));
  for (const path of parents) {
    const found = await lookAt(join(folder, path));
    if (found && !found.isDirectory()) foreign.push(path);
  }
  for (const path of sound) {
    const found = await lookAt(join(folder, path));
    if (found && (!own.has(path) || !found.isFile())) foreign.push(path);
  }
  if (foreign.length === 0) return;
  throw new UserError(
    "foreign-files",
    `In ${folder} there are files in the way that were not written here: ${foreign.join(", ")}`,
    "Name another folder with --output, or move them away",
  );
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

async function lookAt(path: string) {
  return await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}
