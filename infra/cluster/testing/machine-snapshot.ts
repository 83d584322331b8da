import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../adapters/process.ts";
import { cgroupProcesses, clusterCgroups } from "../embedded/cgroups.ts";
import { readMounts } from "../embedded/mounts.ts";
import { clusterProcesses } from "../embedded/processes.ts";
import { strayFolders } from "../embedded/stray-files.ts";

/** What a cluster could leave behind on a machine. */
export type MachineSnapshot = Readonly<Record<string, readonly string[]>>;

/** Reads the machine's state as far as a cluster in `folder` could change it. */
export async function takeSnapshot(folder: string): Promise<MachineSnapshot> {
  const ip = async (...args: string[]) => (await run("ip", args)).stdout.trim().split("\n");
  return {
    processes: [...clusterProcesses(folder), ...cgroupProcesses()].map(({ pid }) => String(pid)),
    mounts: readMounts()
      .map(({ path }) => path)
      .filter((path) => mountPlaces(folder).some((place) => path.startsWith(place))),
    interfaces: readdirSync("/sys/class/net").sort(),
    routes: await ip("route", "show", "table", "all"),
    namespaces: existsSync("/run/netns") ? readdirSync("/run/netns") : [],
    cgroups: clusterCgroups().filter((path) => existsSync(path)),
    rules: [...(await rules("iptables-save")), ...(await rules("ip6tables-save"))],
    sysctls: sysctlFolders.flatMap(readSysctls),
    folders: [...strayFolders, folder].filter((path) => existsSync(path)),
  };
}

/** Other programs on the machine mount and unmount what they like elsewhere. */
const mountPlaces = (folder: string) => [folder, "/run/netns", "/sys/fs/cgroup", ...strayFolders];

/** Settings that the kernel itself changes all the time are not below these. */
const sysctlFolders = ["kernel/keys", "net/bridge", "net/ipv4/conf", "net/ipv6/conf", "vm"];

/** Written, never read; or counters. */
const volatileSysctls = /(compact_memory|drop_caches|stat_refresh)$/;

function readSysctls(name: string): string[] {
  const path = join("/proc/sys", name);
  if (!existsSync(path) || volatileSysctls.test(name)) return [];
  try {
    return [`${name} = ${readFileSync(path, "utf8").trim()}`];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EISDIR") return []; // Not readable.
  }
  return readdirSync(path)
    .sort()
    .flatMap((entry) => readSysctls(join(name, entry)));
}

/** Rules and chains without the built-in chains, which hold nothing, and without counters. */
async function rules(command: string): Promise<string[]> {
  const { stdout } = await run(command, []);
  return stdout.split("\n").filter((line) => line.startsWith("-A") || / - \[/.test(line));
}
