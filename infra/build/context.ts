import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { listEntries, readIfExists } from "../adapters/files.ts";
import { cacheFolder, root } from "../adapters/paths.ts";
import type { Platform } from "../adapters/platform.ts";
import type { Report } from "../adapters/report.ts";
import { type Problem, refuseProblems, UserError } from "../domain/errors.ts";
import { imageIgnores, neverEntered } from "../domain/package/docker-ignore.ts";
import { secretIn } from "../domain/secrets/secret-files.ts";
import { ensureWheels } from "./wheels.ts";

/** What to make a build context of. */
export interface ContextOptions {
  readonly agent: string;
  /** Folder that holds the Dockerfile. */
  readonly source: string;
  readonly platform: Platform;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/** A folder that holds exactly what a build may see. */
export interface BuildContext {
  readonly folder: string;
  /** SHA-256, in hex, of every path, mode and content in it. */
  readonly hash: string;
}

interface ContextFile {
  readonly path: string;
  readonly executable: boolean;
  readonly content: Uint8Array;
  readonly sha256: string;
}

/**
 * Makes a copy of a source folder for the build: without what `.dockerignore` names, with the
 * wheels of its `requirements.txt` in `wheels/`, and with modes and times that depend on the content
 * alone. Equal sources give equal copies on every machine, so an unchanged agent is not built again.
 *
 * @throws {UserError} `no-dockerfile`; `invalid-input` for every file that looks like a secret or is
 * not a plain file; `wheels`.
 */
export async function makeContext(options: ContextOptions): Promise<BuildContext> {
  const sources = await readSources(options.source);
  const files = [...sources, ...(await readWheels(sources, options))];
  const folder = join(cacheFolder, "contexts", options.agent);
  const temporary = `${folder}.${process.pid}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  for (const file of files) await place(temporary, file);
  await normaliseFolders(temporary);
  await rm(folder, { recursive: true, force: true });
  await rename(temporary, folder);
  const list = files.map(({ path, executable, sha256 }) => [path, executable, sha256]);
  return { folder, hash: hex(JSON.stringify(list)) };
}

async function readSources(source: string): Promise<readonly ContextFile[]> {
  if (!existsSync(join(source, "Dockerfile"))) throw noDockerfile(source);
  const ignored = imageIgnores(await readIfExists(join(source, ".dockerignore")));
  const problems: Problem[] = [];
  const files: ContextFile[] = [];
  for (const entry of await listEntries(source, neverEntered)) {
    const path = relative(source, join(entry.parentPath, entry.name));
    // The builder needs the Dockerfile even where the ignore file keeps it out of the image.
    if (path !== "Dockerfile" && ignored(path)) continue;
    const file = join(relative(root, source), path);
    if (!entry.isFile()) {
      problems.push({ file, message: "is not a plain file; copy what it points to" });
      continue;
    }
    const content = await readFile(join(source, path));
    const message = secretIn(entry.name, content);
    if (message) problems.push({ file, message });
    files.push({ path, executable: await isExecutable(source, path), ...hashed(content) });
  }
  refuseProblems(
    problems,
    "Move secrets to stacks/.env.<environment> and name all other files that the image must not have in .dockerignore",
  );
  return files;
}

function noDockerfile(source: string): UserError {
  return new UserError(
    "no-dockerfile",
    `There is no Dockerfile in ${relative(root, source)}`,
    "Write one, or correct image.context in package.yaml",
  );
}

async function readWheels(
  sources: readonly ContextFile[],
  { source, platform, report, signal }: ContextOptions,
): Promise<readonly ContextFile[]> {
  const requirements = sources.find(({ path }) => path === "requirements.txt");
  if (!requirements) return [];
  const folder = await ensureWheels({
    requirements: join(source, requirements.path),
    text: Buffer.from(requirements.content).toString("utf8"),
    platform,
    report,
    ...(signal && { signal }),
  });
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: `wheels/${name}`,
      executable: false,
      ...hashed(await readFile(join(folder, name))),
    })),
  );
}

async function place(folder: string, file: ContextFile): Promise<void> {
  const target = join(folder, file.path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, file.content);
  await chmod(target, file.executable ? 0o755 : 0o644);
  const time = contentTime(file.sha256);
  await utimes(target, time, time);
}

/** After all files are placed, because placing one changes the time of its folder. */
async function normaliseFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await normaliseFolders(join(folder, entry.name));
  }
  await chmod(folder, 0o755);
  await utimes(folder, firstTime, firstTime);
}

/** 1980-01-01 in seconds since 1970: ZIP files, and so wheels, know no earlier time. */
const firstTime = 315_532_800;

/**
 * A time in seconds since 1970, before 2014, that tells contents apart. BuildKit sends a file only
 * when its size, mode or time has changed, so one constant time for all would hide a change that
 * keeps the size.
 */
function contentTime(sha256: string): number {
  return firstTime + (Number.parseInt(sha256.slice(0, 8), 16) >>> 2);
}

async function isExecutable(folder: string, path: string): Promise<boolean> {
  return ((await stat(join(folder, path))).mode & 0o100) !== 0;
}

function hashed(content: Uint8Array) {
  return { content, sha256: hex(content) };
}

function hex(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
