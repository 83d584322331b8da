import { rm } from "node:fs/promises";
import type { Report } from "../../adapters/report.ts";
import { removeBridge } from "./bridge.ts";
import { removeCgroups, restoreControllers } from "./cgroups.ts";
import { removeFirewall } from "./firewall.ts";
import type { Layout } from "./layout.ts";
import { readMachine, restoreSysctls } from "./machine.ts";
import { unmountBelow } from "./mounts.ts";
import { clusterProcesses, stopProcesses } from "./processes.ts";
import { removeStrayFiles } from "./stray-files.ts";

/**
 * Removes the cluster and everything that it changed on the machine. The record of what the machine
 * was like goes last: killed at any moment, the next call goes on.
 */
export async function bringDown(paths: Layout, report: Report): Promise<void> {
  const machine = await readMachine(paths);
  if (!machine && clusterProcesses(paths.folder).length === 0) {
    // It never got as far as changing the machine.
    await rm(paths.folder, { recursive: true, force: true });
    return;
  }
  report("Stopping every process of the cluster and its pods");
  await stopEverything(paths);
  await removeCgroups();
  report("Removing mounts, network, firewall rules and files");
  await unmountBelow(paths.folder);
  await removeBridge();
  await removeFirewall(machine?.chains ?? []);
  if (machine) {
    restoreControllers(machine.controllers);
    restoreSysctls(machine);
  }
  for (const folder of [paths.run, paths.data, paths.logs, paths.config, paths.pki])
    await rm(folder, { recursive: true, force: true });
  // After the logs: the links of /var/log/containers lead there.
  await removeStrayFiles(machine?.absentFolders ?? []);
  await rm(paths.folder, { recursive: true, force: true });
}

/** Nothing of it is needed any more, so nobody is asked to end in order. */
async function stopEverything(paths: Layout): Promise<void> {
  // A process may start another while it is being ended.
  for (;;) {
    const processes = clusterProcesses(paths.folder);
    if (processes.length === 0) return;
    await stopProcesses(processes, 0);
  }
}
