import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "./layout.ts";
import { unmountBelow } from "./mounts.ts";
import { clusterProcesses } from "./processes.ts";

/**
 * Removes what containerd keeps of running containers, when none can be running any more: neither it
 * nor a shim is there. Elsewhere a restart of the machine empties that folder, as it is in memory.
 */
export async function removeDeadRuntime(paths: Layout): Promise<void> {
  const alive = clusterProcesses(paths.folder).some(({ part }) => part === "containerd");
  if (alive) return;
  await unmountBelow(paths.run);
  for (const name of ["containerd", "runc"])
    await rm(join(paths.run, name), { recursive: true, force: true });
}
