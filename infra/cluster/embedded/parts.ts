import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { lastLines, start } from "../../adapters/process.ts";
import { UserError } from "../../domain/errors.ts";
import { adminEnvironment } from "./environment.ts";
import type { Layout, PartName } from "./layout.ts";
import { clusterProcesses, mark, partProcesses, stopProcesses } from "./processes.ts";
import { waitUntil } from "./wait.ts";

/** A program that the cluster keeps running on the machine. */
export interface Part {
  readonly name: PartName;
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  /** Files that it reads only when it starts. */
  readonly reads: readonly string[];
  /** Resolves when it does its work, and rejects with the reason when it does not yet. */
  readonly probe: () => Promise<void>;
}

/**
 * Makes sure that one up-to-date process of the part runs: others of it are stopped first, and one
 * that runs but doesn't do its work is started anew.
 *
 * @param signal ends the waiting when another part has failed.
 * @throws {UserError} `cluster-part-failed` when it doesn't do its work within a minute.
 */
export async function ensurePart(part: Part, paths: Layout, signal: AbortSignal): Promise<void> {
  const processes = partProcesses(clusterProcesses(paths.folder), part.name);
  const fingerprint = fingerprintOf(part);
  const current = processes.find((one) => one.fingerprint === fingerprint);
  await stopProcesses(
    processes.filter((one) => one !== current),
    10_000,
  );
  if (current && (await answersSoon(part))) return;
  if (current) await stopProcesses([current], 2_000);
  await startPart(part, paths, signal);
}

async function startPart(part: Part, paths: Layout, signal: AbortSignal): Promise<void> {
  const logFile = logPath(part.name, paths);
  const log = openLog(logFile);
  const env = adminEnvironment({
    ...mark(paths.folder, part.name, fingerprintOf(part)),
    TMPDIR: join(paths.run, "tmp"),
  });
  const child = start(part.program, part.args, { cwd: "/", env, detached: true }, [
    "ignore",
    log,
    log,
  ]);
  closeSync(log);
  child.unref();
  let ended = "";
  child.on("exit", (code, signal) => {
    ended = `ended with ${signal ?? `code ${code}`}`;
  });
  child.on("error", (error) => {
    ended = error.message;
  });
  const check = () => (ended ? Promise.reject(new Error(ended)) : part.probe());
  const giveUp = () => ended !== "" || signal.aborted;
  await waitUntil(check, { limitMs: 60_000, giveUp }).catch((error: Error) => {
    throw new UserError(
      "cluster-part-failed",
      `${part.name} did not start: ${error.message}. The end of ${logFile}:\n${logTail(logFile)}`,
      "npx slipway cluster down && npx slipway cluster up",
    );
  });
}

/** Where a part writes what it has to say. */
export function logPath(name: string, paths: Layout): string {
  return join(paths.logs, `${name}.log`);
}

/** A healthy part answers at once; a stopped or hanging one does not answer in this time. */
async function answersSoon(part: Part): Promise<boolean> {
  return waitUntil(part.probe, { limitMs: 5_000 }).then(
    () => true,
    () => false,
  );
}

function fingerprintOf(part: Part): string {
  const hash = createHash("sha256").update(JSON.stringify([part.program, part.args]));
  for (const path of part.reads) hash.update(readIfThere(path));
  return hash.digest("hex").slice(0, 16);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Starts a new log and keeps the one before it, which tells why the part had to be started again. */
function openLog(path: string): number {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  try {
    renameSync(path, `${path}.previous`);
  } catch {
    // The first start.
  }
  return openSync(path, "a", 0o600);
}

function logTail(path: string): string {
  return lastLines(readIfThere(path), 15);
}
