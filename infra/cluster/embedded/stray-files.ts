import { lstat, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { accepts } from "./probes.ts";

/** Folders that the cluster's programs use outside the cluster's own: no option moves them. */
export const strayFolders = [
  "/run/containerd",
  "/run/runc",
  "/var/lib/cni",
  "/var/lib/kubelet",
  "/var/log/containers",
];

const cniResults = "/var/lib/cni/results";

/**
 * Removes what the cluster's programs left in folders that did not exist before. Another program may
 * have begun to use them since, so only what is dead goes: sockets that nobody listens on, links
 * that lead nowhere, and folders that are empty then.
 */
export async function removeStrayFiles(absentFolders: readonly string[]): Promise<void> {
  await removeCniResults();
  for (const folder of absentFolders) await prune(folder);
}

/** Removes the dead files below the path, and the path itself when nothing is left in it. */
export async function prune(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    for (const name of await readdir(path)) await prune(join(path, name));
    await rmdir(path).catch(() => {}); // Somebody uses it.
  }
  if (found?.isSocket() && !(await isListening(path))) await rm(path, { force: true });
  if (found?.isSymbolicLink() && !(await leadsSomewhere(path))) await rm(path, { force: true });
}

/** The CNI library notes each network it gave to a pod of ours, and a loopback for the same pod. */
async function removeCniResults(): Promise<void> {
  const names = await readdir(cniResults).catch(() => []);
  for (const name of names) {
    const [, pod] = /^slipway-(.+)-eth0$/.exec(name) ?? [];
    if (!pod) continue;
    await rm(join(cniResults, name), { force: true });
    await rm(join(cniResults, `cni-loopback-${pod}-lo`), { force: true });
  }
}

async function isListening(socket: string): Promise<boolean> {
  return accepts(socket).then(
    () => true,
    () => false,
  );
}

async function leadsSomewhere(link: string): Promise<boolean> {
  return stat(link).then(
    () => true,
    () => false,
  );
}
