import { createWriteStream, existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
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
 * stopped; an archive that holds several tools is fetched once.
 *
 * @returns the program, and the folder around it that the caller removes.
 * @throws {WrongChecksumError} when what arrived is not what is pinned.
 */
export async function downloadTool(name: ToolName, { url, sha256 }: Download) {
  const folder = join(cacheFolder, "downloads");
  await mkdir(folder, { recursive: true });
  const file = join(folder, sha256);
  await withLock(`${file}.lock`, `downloading ${url}`, () => fetchOnce(file, url, sha256));
  const unpacked = await mkdtemp(join(folder, "unpacked-"));
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
  await fetchInto(partial, url);
  const actual = await sha256File(partial);
  if (actual !== sha256) {
    await rm(partial);
    throw new WrongChecksumError(`${url} has SHA-256 ${actual}, and ${sha256} is pinned`);
  }
  await rename(partial, file);
}

async function fetchInto(path: string, url: string): Promise<void> {
  const had = (await stat(path).catch(() => undefined))?.size ?? 0;
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), answerTimeoutMs);
  const response = await fetch(url, {
    headers: had > 0 ? { range: `bytes=${had}-` } : {},
    signal: waiting.signal,
  }).finally(() => clearTimeout(timer));
  if (response.status === 416) return; // Everything had arrived: the checksum decides.
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const append = response.status === 206;
  const body = Readable.fromWeb(response.body as import("node:stream/web").ReadableStream);
  await pipeline(body, createWriteStream(path, { flags: append ? "a" : "w" }));
}
