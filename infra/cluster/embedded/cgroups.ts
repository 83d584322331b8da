import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { identify, type ProcessIdentity } from "../../adapters/process-identity.ts";
import { cgroup } from "./layout.ts";
import { readMounts } from "./mounts.ts";
import { stopProcesses } from "./processes.ts";
import { waitUntil } from "./wait.ts";

/** The cluster's cgroup in every hierarchy of the machine: one on cgroup v2, one a controller on v1. */
export function clusterCgroups(): string[] {
  return readMounts()
    .filter(({ type }) => type === "cgroup" || type === "cgroup2")
    .map(({ path }) => join(path, cgroup));
}

/** Makes the cluster's cgroup where it is missing: the kubelet only makes cgroups below it. */
export function ensureCgroups(): void {
  for (const path of clusterCgroups()) {
    mkdirSync(path, { recursive: true });
    enableControllers(join(path, ".."));
    // On v1 a new cpuset is empty, and nothing can run in it.
    for (const file of ["cpuset.cpus", "cpuset.mems"])
      inheritCpuset(join(path, "..", file), join(path, file));
  }
}

/** On v2 a cgroup has the controllers that its parent passes on. The kubelet asks for these. */
const neededControllers = ["cpu", "cpuset", "io", "memory", "pids"];

/** Passes the controllers that the kubelet needs on to the children of a v2 cgroup. */
export function enableControllers(parent: string): void {
  const available = readWords(join(parent, "cgroup.controllers"));
  const enabled = passedOnControllers(parent);
  for (const name of neededControllers)
    if (available.includes(name) && !enabled.includes(name))
      writeFileSync(join(parent, "cgroup.subtree_control"), `+${name}`);
}

/** The controllers that each hierarchy's root passes on to its children; none on v1. */
export function readControllers(): Record<string, readonly string[]> {
  const roots = clusterCgroups().map((path) => join(path, ".."));
  return Object.fromEntries(roots.map((path) => [path, passedOnControllers(path)]));
}

/** Takes back what `enableControllers` changed, unless somebody else uses it by now. */
export function restoreControllers(before: Readonly<Record<string, readonly string[]>>): void {
  for (const [parent, controllers] of Object.entries(before)) {
    const added = passedOnControllers(parent).filter((name) => !controllers.includes(name));
    for (const name of added.filter((one) => neededControllers.includes(one))) {
      try {
        writeFileSync(join(parent, "cgroup.subtree_control"), `-${name}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EBUSY") throw error;
      }
    }
  }
}

function passedOnControllers(parent: string): string[] {
  return readWords(join(parent, "cgroup.subtree_control"));
}

function readWords(path: string): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").split(/\s+/).filter(Boolean) : [];
}

function inheritCpuset(parent: string, own: string): void {
  const isVersion1 = existsSync(parent) && existsSync(own);
  if (isVersion1 && readFileSync(own, "utf8").trim() === "")
    writeFileSync(own, readFileSync(parent));
}

/** The processes in the cluster's cgroups: those of pods and of builds. */
export function cgroupProcesses(): ProcessIdentity[] {
  const pids = new Set(clusterCgroups().flatMap(folders).flatMap(pidsIn));
  return [...pids].map(identify).filter((found) => found !== undefined);
}

/** Ends every process in the cluster's cgroups and removes them. */
export async function removeCgroups(): Promise<void> {
  await waitUntil(
    async () => {
      await stopProcesses(cgroupProcesses(), 0);
      for (const folder of clusterCgroups().flatMap(folders).reverse()) rmdirSync(folder);
    },
    // The kernel keeps a cgroup busy for a moment after its last process.
    { limitMs: 10_000 },
  );
}

/** The folder and all below it, parents first. */
function folders(path: string): string[] {
  if (!existsSync(path)) return [];
  const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [path, ...below.flatMap((entry) => folders(join(path, entry.name)))];
}

function pidsIn(folder: string): number[] {
  try {
    return readFileSync(join(folder, "cgroup.procs"), "utf8")
      .trim()
      .split("\n")
      .filter(Boolean)
      .map(Number);
  } catch {
    return []; // Removed while we looked, or a threaded cgroup, whose processes its parent lists.
  }
}
