import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readIfExists, writeAtomically } from "../../adapters/files.ts";
import { run } from "../../adapters/process.ts";
import { readControllers } from "./cgroups.ts";
import { adminEnvironment } from "./environment.ts";
import { foreignChains } from "./firewall.ts";
import type { Layout } from "./layout.ts";
import { strayFolders } from "./stray-files.ts";

/** What the machine was like before the cluster, so that `down` can bring it back. */
export interface Machine {
  /** Kernel settings that the cluster changes, by path below /proc/sys. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Those of the folders that the cluster's programs make by themselves which did not exist. */
  readonly absentFolders: readonly string[];
  /** Cgroup controllers that the root of each v2 hierarchy passed on. */
  readonly controllers: Readonly<Record<string, readonly string[]>>;
  /** Chains of another Kubernetes, which are not ours to remove. */
  readonly chains: readonly string[];
}

/**
 * Settings that we, the kubelet or kube-proxy change. IP forwarding is not among them: it is turned
 * on for the bridge alone, so the machine never becomes a router between its other networks.
 */
const changedSysctls = [
  "kernel/keys/root_maxbytes",
  "kernel/keys/root_maxkeys",
  "kernel/panic",
  "kernel/panic_on_oops",
  "net/bridge/bridge-nf-call-ip6tables",
  "net/bridge/bridge-nf-call-iptables",
  "net/ipv4/conf/all/route_localnet",
  "net/ipv4/ip_forward",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
];

/** Notes what the machine is like, unless that was done by an earlier `up`. */
export async function recordMachine(paths: Layout): Promise<void> {
  if (await readIfExists(paths.machine)) return;
  const machine: Machine = {
    sysctls: Object.fromEntries(
      changedSysctls
        .filter((name) => existsSync(sysctlPath(name)))
        .map((name) => [name, readSysctl(name)]),
    ),
    absentFolders: strayFolders.filter((folder) => !existsSync(folder)),
    controllers: readControllers(),
    chains: await foreignChains(),
  };
  await writeAtomically(paths.machine, JSON.stringify(machine, null, 2));
}

/** What was noted before the first `up`, or undefined when there was none. */
export async function readMachine(paths: Layout): Promise<Machine | undefined> {
  const text = await readIfExists(paths.machine);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Lets iptables see what crosses the bridge: Services are made of its rules. */
export async function ensureBridgeFiltering(): Promise<void> {
  const names = ["net/bridge/bridge-nf-call-iptables", "net/bridge/bridge-nf-call-ip6tables"];
  if (!names.every((name) => existsSync(sysctlPath(name))))
    await run("modprobe", ["br_netfilter"], { env: adminEnvironment() });
  for (const name of names) writeSysctl(name, "1");
}

/** Brings kernel settings back to what they were. */
export function restoreSysctls(machine: Machine): void {
  for (const [name, value] of Object.entries(machine.sysctls)) {
    if (existsSync(sysctlPath(name)) && readSysctl(name) !== value) writeSysctl(name, value);
  }
}

/** Sets a kernel setting, by its path below /proc/sys. */
export function writeSysctl(name: string, value: string): void {
  if (readSysctl(name) !== value) writeFileSync(sysctlPath(name), value);
}

const sysctlPath = (name: string) => join("/proc/sys", name);
const readSysctl = (name: string) => readFileSync(sysctlPath(name), "utf8").trim();
