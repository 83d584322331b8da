import { readFileSync } from "node:fs";

/** One process, told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the kernel counts it, in clock ticks since boot, with the boot's id. Linux only. */
  readonly started?: string;
}

/** The identity of a running process, or undefined when there is none with this pid. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (process.platform !== "linux") return isSignalled(pid) ? { pid } : undefined;
  try {
    // Field 22, counted after the command name, which may hold spaces and brackets (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    if (fields[0] === "Z") return undefined; // Ended, and only waits for its parent to notice.
    return { pid, started: `${fields[19]}@${bootId()}` };
  } catch {
    return undefined;
  }
}

/** True while the very process that was identified is still running. */
export function isRunning(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now !== undefined && now.started === identity.started;
}

function isSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
