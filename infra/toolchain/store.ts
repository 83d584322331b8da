import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { chmod, copyFile, link, mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readIfExists, writeAtomically } from "../adapters/files.ts";
import { cacheFolder, root } from "../adapters/paths.ts";
import { pulumiHome } from "../adapters/pulumi/home.ts";
import { manifest, type ToolName } from "./manifest.ts";

/** How a tool came into the cache. */
export type Origin = "downloaded" | "built";

interface Entry {
  readonly origin: Origin;
  readonly sha256: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** After this many days a version that is no longer pinned goes. */
const keptDays = 30;

/** Where the source modules of the tools are. */
export const modulesFolder = join(root, "infra", "toolchain", "modules");

/** The cached program, or undefined when it is missing or its bytes are not those that were placed. */
export async function cachedTool(name: ToolName) {
  const path = await toolPath(name);
  const [entry, found] = await Promise.all([readEntry(path), stat(path).catch(() => undefined)]);
  if (!entry || !found || found.size !== entry.size) return undefined;
  // Hashing 100 MB on every start would cost more than most commands, so an untouched file is trusted.
  const intact = found.mtimeMs === entry.mtimeMs || (await sha256File(path)) === entry.sha256;
  return intact ? { path, origin: entry.origin } : undefined;
}

/** True when the cached program still has the very bytes that were placed. */
export async function isIntact(name: ToolName): Promise<boolean> {
  const path = await toolPath(name);
  const entry = await readEntry(path);
  return entry !== undefined && existsSync(path) && (await sha256File(path)) === entry.sha256;
}

/** Moves a finished program into the cache, in one step. Returns its path there. */
export async function placeTool(name: ToolName, file: string, origin: Origin): Promise<string> {
  const path = await toolPath(name);
  await mkdir(dirname(path), { recursive: true });
  await chmod(file, 0o755);
  const { size, mtimeMs } = await stat(file);
  const entry: Entry = { origin, sha256: await sha256File(file), size, mtimeMs };
  // The record goes first: a kill between the two leaves an entry that does not match, never one that lies.
  await writeAtomically(`${path}.json`, JSON.stringify(entry), 0o644);
  await rename(file, path);
  await removeOldVersions(name, dirname(path));
  return path;
}

/** Gives Pulumi the program at the place where it looks for it. */
export async function linkForPulumi(name: ToolName, path: string): Promise<void> {
  const relative = manifest[name].pulumiPath;
  if (!relative) return;
  const target = join(pulumiHome(), relative);
  const [ours, theirs] = await Promise.all([stat(path), stat(target).catch(() => undefined)]);
  if (theirs?.size === ours.size && Math.trunc(theirs.mtimeMs) === Math.trunc(ours.mtimeMs)) return;
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  await link(path, temporary).catch(async () => {
    await copyFile(path, temporary); // Another file system.
    await utimes(temporary, ours.atime, ours.mtime);
  });
  await rename(temporary, target);
}

/** SHA-256 of a file, in hex. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

async function toolPath(name: ToolName): Promise<string> {
  const key = await toolKey(name);
  return join(cacheFolder, "tools", name, `${manifest[name].version}-${key}`, name);
}

/** What the program is made of: its source pins, how it is built, and for which machine. */
async function toolKey(name: ToolName): Promise<string> {
  const folder = join(modulesFolder, manifest[name].module);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([manifest[name], process.platform, process.arch]));
  for (const file of (await readdir(folder, { recursive: true })).sort()) {
    if (!/\.(go|mod|sum)$/.test(file)) continue;
    hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

async function readEntry(path: string): Promise<Entry | undefined> {
  try {
    return JSON.parse((await readIfExists(`${path}.json`)) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** Another checkout may be at another version, so only what was placed long ago goes. */
async function removeOldVersions(name: ToolName, current: string): Promise<void> {
  const folder = join(cacheFolder, "tools", name);
  for (const version of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, version));
    const old = Date.now() - mtimeMs > keptDays * 24 * 3600 * 1000;
    if (old && version !== basename(current)) {
      await rm(join(folder, version), { recursive: true, force: true });
    }
  }
}
