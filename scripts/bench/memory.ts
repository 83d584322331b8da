import { existsSync, readdirSync, readFileSync } from "node:fs";

const everyMs = 10;

/** Whether this machine tells how much memory a process uses. */
export const canWatchMemory = existsSync("/proc/self/status");

/**
 * Watches the memory of every process that this one starts from now on, and of those that they
 * start: resident sets summed up, every 10 ms. Pages that two processes share count twice.
 *
 * @returns what ends it; its `stop` gives the peak in megabytes (10^6 bytes).
 */
export function watchMemory(): { stop(): number } {
  const earlier = new Set(descendants(process.pid));
  let peak = 0;
  const look = () => {
    const now = descendants(process.pid).filter((pid) => !earlier.has(pid));
    peak = Math.max(
      peak,
      now.reduce((sum, pid) => sum + residentBytes(pid), 0),
    );
  };
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(timer);
      look();
      return peak / 1e6;
    },
  };
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = pid ? parentOf(pid) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [...(children.get(root) ?? [])];
  // The list grows while it is walked: children of children are found on the way.
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Undefined for a process that has ended meanwhile. */
function parentOf(pid: number): number | undefined {
  // The name, in parentheses, may hold anything; what follows it is "<state> <parent> ...".
  const [, parent] = read(pid, "stat").split(") ").at(-1)?.split(" ") ?? [];
  return parent ? Number(parent) : undefined;
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(pid, "status"))?.[1] ?? 0) * 1024;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
