import { existsSync } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { listEntries, readIfExists } from "../adapters/files.ts";
import { root } from "../adapters/paths.ts";
import { lockFileName } from "../domain/artifact/dependency-lock.ts";
import { fileListName } from "../domain/artifact/file-list.ts";
import { originName } from "../domain/artifact/origin.ts";
import { collisions, pathProblem } from "../domain/artifact/path.ts";
import { missingFiles, packedPaths } from "../domain/artifact/selection.ts";
import { type ArchivedFile, archiveLimits } from "../domain/artifact/tar.ts";
import { type Problem, refuseProblems, UserError } from "../domain/errors.ts";
import { neverEntered } from "../domain/package/docker-ignore.ts";
import type { Package } from "../domain/package/package.ts";
import { parsePackage } from "../domain/package/parse.ts";
import { findSecrets } from "../domain/secrets/secret-files.ts";
import { readDocument } from "../domain/text/document.ts";
import { didYouMean } from "../domain/text/nearest.ts";
import { layerProblems } from "../domain/values/resolve.ts";

/** A package as it lies in the checkout. */
export interface PackageSource {
  readonly package: Package;
  /** From the root of the checkout. */
  readonly folder: string;
  /** What is part of the package, in order of paths. */
  readonly files: readonly ArchivedFile[];
}

/** Where packages lie in the checkout, from its root. */
export const packagesFolder = "infra/packages";

/** How to call a folder: by its path from the root of the checkout when it is inside. */
export function shortPath(folder: string): string {
  const path = relative(root, folder);
  return path.startsWith("..") ? folder : path;
}

/**
 * Reads the files that are part of an agent's package.
 *
 * @throws {UserError} `no-package`; `invalid-input` with every file that is missing, unsound or not
 * portable, or that looks like it holds a secret.
 */
export async function readSource(agent: string): Promise<PackageSource> {
  const folder = `${packagesFolder}/${agent}`;
  const declared = await readDeclaration(agent, folder);
  const paths = await listPaths(join(root, folder));
  const problems: Problem[] = [...missingFiles(declared, `${folder}/package.yaml`, paths)];
  const ignoreFile = join(root, folder, declared.image.context, ".dockerignore");
  const selected = packedPaths(declared, paths, await readIfExists(ignoreFile));
  const files: ArchivedFile[] = [];
  for (const path of selected) {
    const read = await readPackedFile(folder, path);
    problems.push(...read.problems);
    if (read.file) files.push(read.file);
  }
  problems.push(...contentProblems(folder, files));
  refuseProblems(
    problems,
    "Move secrets to stacks/.env.<environment>, and name in .dockerignore what the image does not need",
  );
  return { package: declared, folder, files };
}

async function readDeclaration(agent: string, folder: string): Promise<Package> {
  const file = `${folder}/package.yaml`;
  const isName = /^[a-z0-9-]+$/.test(agent);
  const text = isName ? await readIfExists(join(root, file)) : undefined;
  if (text === undefined) throw await noPackage(agent);
  const declared = parsePackage(file, text);
  if (declared.name === agent) return declared;
  const message = `"name" is "${declared.name}", but the folder is "${agent}"; they must be the same`;
  refuseProblems([{ file, message }]);
  return declared;
}

/** Names of all packages of the checkout, in order. */
export async function listAgents(): Promise<readonly string[]> {
  const folder = join(root, packagesFolder);
  const names = await readdir(folder);
  return names.filter((name) => existsSync(join(folder, name, "package.yaml"))).sort();
}

async function noPackage(agent: string): Promise<UserError> {
  const known = await listAgents();
  return new UserError(
    "no-package",
    `${packagesFolder} has no package "${agent}"${didYouMean(agent, known)}`,
    known.length > 0 ? `choose one of: ${known.join(", ")}` : "npx slipway new <agent>",
  );
}

/** Paths of all files below a folder, with slashes. Folders that tools make are left out. */
export async function listPaths(folder: string): Promise<readonly string[]> {
  const entries = await listEntries(folder, neverEntered);
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

const reserved = new Set([fileListName, originName]);

async function readPackedFile(
  folder: string,
  path: string,
): Promise<{ readonly file?: ArchivedFile; readonly problems: readonly Problem[] }> {
  const file = `${folder}/${path}`;
  const unsound = reserved.has(path) ? "has a name that Slipway itself uses" : pathProblem(path);
  if (unsound !== undefined) return { problems: [{ file, message: `its path ${unsound}` }] };
  const content = await readPlainFile(join(root, file));
  if (typeof content === "string") return { problems: [{ file, message: content }] };
  const name = path.slice(path.lastIndexOf("/") + 1);
  const secrets = findSecrets(name, content.content);
  const problems = secrets.map((finding) => ({ file, ...finding }));
  return { file: { path, ...content }, problems };
}

/** A file's content and whether it is executable, or why it cannot be packed. */
export async function readPlainFile(path: string): Promise<Omit<ArchivedFile, "path"> | string> {
  const found = await lstat(path);
  if (!found.isFile()) return "is not a plain file; copy what it points to";
  if (found.size > archiveLimits.fileBytes) return `has ${found.size} bytes; 16 MiB are allowed`;
  return { content: await readFile(path), executable: (found.mode & 0o100) !== 0 };
}

function contentProblems(folder: string, files: readonly ArchivedFile[]): readonly Problem[] {
  const problems = collisions(files.map(({ path }) => path)).map((message) => ({
    file: folder,
    message,
  }));
  // With what the list of files takes for each of them, which counts when the archive is read.
  const total = files.reduce((sum, { content }) => sum + content.length + 512, 0);
  if (files.length >= archiveLimits.files || total > archiveLimits.totalBytes) {
    const message = `${files.length} files of ${total} bytes are more than 4095 files or 64 MiB`;
    problems.push({ file: folder, message });
  }
  const values = files.find(({ path }) => path === "values.yaml");
  if (values === undefined) return problems;
  const text = new TextDecoder().decode(values.content);
  return [...problems, ...layerProblems(readDocument(`${folder}/values.yaml`, text))];
}

/** The text of a package's own lock file, when it has one. */
export function lockText(files: readonly ArchivedFile[]): string | undefined {
  const file = files.find(({ path }) => path === lockFileName);
  return file && new TextDecoder().decode(file.content);
}
