import { createWriteStream, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readIfExists } from "../adapters/files.ts";
import { withLock } from "../adapters/lock.ts";
import { cacheFolder, root } from "../adapters/paths.ts";
import { run } from "../adapters/process.ts";
import type { ToolName } from "./manifest.ts";
import { sha256File } from "./store.ts";

/** An official build of one tool for one platform. */
export interface Download {
  readonly url: string;
  /** Of the file at `url`, in hex, as its publisher states it. */
  readonly sha256: string;
}

/** Bytes arrived whole and are not the pinned ones: never retried from elsewhere, always an error. */
export class WrongChecksumError extends Error {}

/** Nothing answers at the address: neither will it for other downloads from there. */
export class SilentHostError extends Error {}

/** How long a host may take to begin an answer, in milliseconds. */
const answerTimeoutMs = 10_000;

/** The official download of a tool for this platform, or undefined when none is pinned. */
export async function findDownload(name: ToolName): Promise<Download | undefined> {
  const text = await readIfExists(join(root, "infra", "toolchain", "downloads.json"));
  const pins: Record<string, Record<string, Download>> = JSON.parse(text ?? "{}");
  return pins[name]?.[`${process.platform}-${process.arch}`];
}

/**
 * Downloads a tool and checks it against its pin. A download that was cut off goes on where it
 * stopped; an archive that holds several tools is fetched once. The caller holds the lock of the
 * tool's module: there is one folder for each tool, which a killed run leaves to the next one.
 *
 * @returns the program, and the folder around it that the caller removes.
 * @throws {WrongChecksumError} when what arrived is not what is pinned.
 * @throws {SilentHostError} when there is no answer at all.
 */
export async function downloadTool(name: ToolName, { url, sha256 }: Download) {
  const folder = join(cacheFolder, "downloads");
  await mkdir(folder, { recursive: true });
  const file = join(folder, sha256);
  await withLock(`${file}.lock`, `downloading ${url}`, () => fetchOnce(file, url, sha256));
  const unpacked = join(folder, `unpacked-${name}`);
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked);
  if (!/\.(tar\.gz|tgz)$/.test(url)) {
    await copyFile(file, join(unpacked, name));
    return { file: join(unpacked, name), folder: unpacked };
  }
  await run("tar", ["-xzf", file, "-C", unpacked, "--no-same-owner"]);
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const program = entries.find((entry) => entry.isFile() && entry.name === name);
  if (!program) throw new WrongChecksumError(`${url} holds no file named ${name}`);
  return { file: join(program.parentPath, name), folder: unpacked };
}

async function fetchOnce(file: string, url: string, sha256: string): Promise<void> {
  if (existsSync(file) && (await sha256File(file)) === sha256) return;
  const partial = `${file}.part`;
  const resumes = (await sizeOf(partial)) > 0;
  await fetchRest(partial, url);
  const actual = await sha256File(partial);
  if (actual === sha256) return rename(partial, file);
  await rm(partial);
  // The beginning was of another time, and perhaps of another make: only a whole download counts.
  if (resumes) return fetchOnce(file, url, sha256);
  throw new WrongChecksumError(`${url} has SHA-256 ${actual}, and ${sha256} is pinned`);
}

/** Goes on after each cut, as long as every attempt brings the end nearer. */
async function fetchRest(path: string, url: string): Promise<void> {
  for (;;) {
    const had = await sizeOf(path);
    try {
      return await fetchInto(path, url, had);
    } catch (error) {
      if ((await sizeOf(path)) <= had) throw error;
    }
  }
}

async function fetchInto(path: string, url: string, had: number): Promise<void> {
  const response = await request(url, had > 0 ? { range: `bytes=${had}-` } : {});
  if (response.status === 416) return; // Everything had arrived: the checksum decides.
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const append = response.status === 206;
  const body = Readable.fromWeb(response.body as import("node:stream/web").ReadableStream);
  await pipeline(body, createWriteStream(path, { flags: append ? "a" : "w" }));
}

async function request(url: string, headers: Record<string, string>): Promise<Response> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), answerTimeoutMs);
  try {
    // Compressed on the way, a rest could not be joined to its beginning.
    const plain = { "accept-encoding": "identity" };
    return await fetch(url, { headers: { ...plain, ...headers }, signal: waiting.signal });
  } catch (error) {
    const cause = (error as Error).cause ?? error;
    const why = waiting.signal.aborted ? `no answer within ${answerTimeoutMs / 1000} s` : cause;
    throw new SilentHostError(`${url}: ${why instanceof Error ? why.message : why}`);
  } finally {
    clearTimeout(timer);
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
