import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists } from "../adapters/files.ts";
import {
  type FileRecord,
  fileDifferences,
  fileListName,
  listFiles,
  parseFileList,
  renderFileList,
} from "../domain/artifact/file-list.ts";
import { type Origin, originName, parseOrigin, renderOrigin } from "../domain/artifact/origin.ts";
import { isLeftover } from "../domain/artifact/selection.ts";
import type { ArchivedFile } from "../domain/artifact/tar.ts";
import type { UnpackedPackage } from "../domain/artifact/unpack.ts";
import { replaceFolder } from "./folder.ts";
import { sha256 } from "./sha256.ts";
import { listPaths, readPlainFile } from "./source.ts";

/** A folder into which a package was unpacked. */
export interface UnpackedFolder {
  readonly files: readonly ArchivedFile[];
  readonly records: readonly FileRecord[];
  /** Absent when another tool unpacked it. */
  readonly origin?: Origin;
  /** In what the folder is not as it was unpacked; empty when it is. */
  readonly differences: readonly string[];
}

/**
 * Reads a folder into which a package was unpacked, or undefined when it has no list of files.
 *
 * @throws {UserError} `bad-archive` or `invalid-input` when the list or the origin is unsound.
 */
export async function readUnpacked(folder: string): Promise<UnpackedFolder | undefined> {
  const text = await readIfExists(join(folder, fileListName));
  if (text === undefined) return undefined;
  const records = parseFileList(text);
  const originText = await readIfExists(join(folder, originName));
  const origin = originText && parseOrigin(join(folder, originName), originText);
  const { files, unsound } = await readFiles(folder);
  const differences = [...unsound, ...fileDifferences(records, listFiles(files, sha256))];
  if (origin && origin.files !== sha256(await readFile(join(folder, fileListName)))) {
    differences.push(`${fileListName} is not the one that was pulled`);
  }
  return { files, records, ...(origin && { origin }), differences };
}

async function readFiles(folder: string) {
  const own = new Set([fileListName, originName]);
  const paths = (await listPaths(folder)).filter((path) => !own.has(path) && !isLeftover(path));
  const files: ArchivedFile[] = [];
  const unsound: string[] = [];
  for (const path of paths) {
    const read = await readPlainFile(join(folder, path));
    if (typeof read === "string") unsound.push(`${path} ${read}`);
    else files.push({ path, ...read });
  }
  return { files, unsound };
}

/**
 * In what a folder would lose something if a package were unpacked over it; empty when there is no
 * such folder or it is as it was unpacked before.
 */
export async function localChanges(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const unpacked = await readUnpacked(folder);
  return unpacked ? unpacked.differences : ["it was not pulled, but made here"];
}

/** Unpacks a package, in place of what the folder holds. */
export async function unpackInto(folder: string, pkg: UnpackedPackage, reference: string) {
  const list = renderFileList(pkg.records);
  const origin = { reference, files: sha256(Buffer.from(list)) };
  await replaceFolder(folder, [
    ...pkg.files,
    { path: fileListName, content: list },
    { path: originName, content: renderOrigin(origin) },
  ]);
}
