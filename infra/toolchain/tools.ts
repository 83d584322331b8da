import { rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../adapters/lock.ts";
import { cacheFolder } from "../adapters/paths.ts";
import type { Report } from "../adapters/report.ts";
import { UserError } from "../domain/errors.ts";
import { buildTools } from "./build.ts";
import { downloadTool, findDownload, SilentHostError, WrongChecksumError } from "./download.ts";
import { manifest, type ToolName } from "./manifest.ts";
import { toolOnPath } from "./path.ts";
import { cachedTool, linkForPulumi, type Origin, placeTool } from "./store.ts";

export type { ToolName } from "./manifest.ts";

/** A tool that is ready to run. */
export interface FoundTool {
  readonly path: string;
  readonly origin: "PATH" | Origin;
}

/** The tool as it is on this machine now, or undefined when it has to be fetched first. */
export async function findTool(name: ToolName): Promise<FoundTool | undefined> {
  const path = await toolOnPath(name);
  return path ? { path, origin: "PATH" } : cachedTool(name);
}

/**
 * Makes sure that the tools are on this machine: from PATH when the version fits, from the cache,
 * as an official download, or built from source, in this order. Two runs at once share the work.
 *
 * @returns the absolute path of each program.
 * @throws {UserError} `tool-checksum` when a download is not what is pinned, `go-missing` and
 * `tool-build` when there is no download and the source cannot be built.
 */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  report: Report,
): Promise<Record<Name, string>> {
  const paths = new Map<Name, string>();
  const missing = new Map<string, Name[]>();
  for (const name of new Set(names)) {
    const found = await findTool(name);
    if (found) paths.set(name, found.path);
    else missing.set(manifest[name].module, [...(missing.get(manifest[name].module) ?? []), name]);
  }
  let done = 0;
  for (const [module, wanted] of missing) {
    done += 1;
    const step = `[${done}/${missing.size}] ${wanted.join(", ")} ${manifest[wanted[0] as Name].version}`;
    for (const [name, path] of await fetchModule(module, wanted, step, report))
      paths.set(name, path);
  }
  for (const [name, path] of paths) await linkForPulumi(name, path);
  return Object.fromEntries(paths) as Record<Name, string>;
}

async function fetchModule<Name extends ToolName>(
  module: string,
  names: readonly Name[],
  step: string,
  report: Report,
): Promise<Map<Name, string>> {
  return withLock(
    join(cacheFolder, "tools", `${module}.lock`),
    step,
    async () => {
      const placed = new Map<Name, string>();
      for (const name of names) {
        const path = (await cachedTool(name))?.path ?? (await download(name, step, report));
        if (path) placed.set(name, path);
      }
      const rest = names.filter((name) => !placed.has(name));
      if (rest.length > 0) await build(rest, step, report, placed);
      return placed;
    },
    (owner) => report(`${step}: waiting for process ${owner.pid}, which is fetching it`),
  );
}

/** Hosts that did not answer: asking them again for every tool would only add waiting. */
const silentHosts = new Set<string>();

async function download(name: ToolName, step: string, report: Report): Promise<string | undefined> {
  const source = await findDownload(name);
  if (!source || silentHosts.has(new URL(source.url).host)) return undefined;
  report(`${step}: downloading`);
  try {
    const { file, folder } = await downloadTool(name, source);
    return await placeTool(name, file, "downloaded").finally(() =>
      rm(folder, { recursive: true, force: true }),
    );
  } catch (error) {
    if (error instanceof WrongChecksumError) throw wrongChecksum(error);
    if (error instanceof SilentHostError) silentHosts.add(new URL(source.url).host);
    report(`${step}: no download (${reason(error)}), so it is built from source`);
    return undefined;
  }
}

async function build(
  names: readonly ToolName[],
  step: string,
  report: Report,
  placed: Map<ToolName, string>,
): Promise<void> {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  report(`${step}: building from source`);
  const heartbeat = setInterval(() => report(`${step}: still building, ${elapsed()}`), 20_000);
  try {
    const { folder, programs } = await buildTools(names);
    for (const [name, file] of programs) placed.set(name, await placeTool(name, file, "built"));
    await rm(folder, { recursive: true, force: true });
    report(`${step}: built in ${elapsed()}`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      "tool-build",
      `${names.join(", ")} could not be built from source\n${reason(error)}`,
      "See that the Go module proxy answers (go env GOPROXY), then run: npx slipway doctor",
      { cause: error },
    );
  } finally {
    clearInterval(heartbeat);
  }
}

function wrongChecksum(error: WrongChecksumError): UserError {
  return new UserError(
    "tool-checksum",
    error.message,
    "Nothing was installed. If a proxy rewrites downloads, bypass it; else report this before going on",
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
