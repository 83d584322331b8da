import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { identify, isRunning, type ProcessIdentity } from "../../adapters/process-identity.ts";
import { type PartName, programOf } from "./layout.ts";

/**
 * A process that the cluster in a certain folder started, or a descendant that kept its environment.
 *
 * The process table itself is the record: each process carries the cluster's folder, the name of its
 * part and a fingerprint of its configuration in its environment, which it can't lose, and which
 * neither a reused pid nor a lost file can fake.
 */
export interface ClusterProcess extends ProcessIdentity {
  readonly part: string;
  readonly fingerprint: string;
  readonly program: string;
  readonly parent: number;
}

/** The environment that marks a process of the cluster in `folder`. */
export function mark(folder: string, part: string, fingerprint: string) {
  return { SLIPWAY_CLUSTER: folder, SLIPWAY_PART: part, SLIPWAY_FINGERPRINT: fingerprint };
}

/** Every marked process of the cluster in `folder`. */
export function clusterProcesses(folder: string): ClusterProcess[] {
  return allPids()
    .map((pid) => inspect(pid, folder))
    .filter((found) => found !== undefined);
}

/** The processes that are a part's own: they run its program and no parent of theirs does. */
export function partProcesses(
  processes: readonly ClusterProcess[],
  part: PartName,
): ClusterProcess[] {
  const own = processes.filter((one) => one.part === part && one.program === programOf[part]);
  const pids = new Set(own.map(({ pid }) => pid));
  return own.filter(({ parent }) => !pids.has(parent));
}

/** Ends processes with SIGTERM, and with SIGKILL those that are still there after `graceMs`. */
export async function stopProcesses(
  processes: readonly ProcessIdentity[],
  graceMs: number,
): Promise<void> {
  if (graceMs > 0) {
    signalAll(processes, "SIGTERM");
    if (await haveEnded(processes, graceMs)) return;
  }
  signalAll(processes, "SIGKILL");
  await haveEnded(processes, 10_000);
}

/** The ids of all processes. */
export function allPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function inspect(pid: number, folder: string): ClusterProcess | undefined {
  const environment = readEnvironment(pid);
  const identity = environment?.get("SLIPWAY_CLUSTER") === folder ? identify(pid) : undefined;
  if (!environment || !identity) return undefined;
  try {
    const program = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return {
      ...identity,
      part: environment.get("SLIPWAY_PART") ?? "",
      fingerprint: environment.get("SLIPWAY_FINGERPRINT") ?? "",
      program: basename(program),
      parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0),
    };
  } catch {
    return undefined; // It ended while we looked.
  }
}

function readEnvironment(pid: number): Map<string, string> | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/environ`, "utf8");
    if (!text.includes("SLIPWAY_CLUSTER=")) return undefined;
    return new Map(
      text.split("\0").map((entry) => {
        const at = entry.indexOf("=");
        return [entry.slice(0, at), entry.slice(at + 1)];
      }),
    );
  } catch {
    return undefined;
  }
}

function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const one of processes) {
    if (!isRunning(one)) continue;
    try {
      process.kill(one.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

async function haveEnded(processes: readonly ProcessIdentity[], limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (processes.some(isRunning)) {
    if (Date.now() > end) return false;
    await delay(20);
  }
  return true;
}
