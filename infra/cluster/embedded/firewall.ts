import { run } from "../../adapters/process.ts";
import { adminEnvironment } from "./environment.ts";
import { network, ports } from "./layout.ts";

/** The two IP families, whose rules are apart. */
const families = ["iptables", "ip6tables"] as const;
type Family = (typeof families)[number];

/** Chains that Kubernetes' programs and we make. Nothing else starts with these words. */
const ourChain = /^(KUBE|SLIPWAY)-/;

/** Where our chains are entered. The last one comes after the rules of all others. */
const jumps = [
  { from: "INPUT", to: "SLIPWAY-INPUT", place: "first" },
  { from: "FORWARD", to: "SLIPWAY-FORWARD", place: "first" },
  { from: "FORWARD", to: "SLIPWAY-ACCEPT", place: "last" },
] as const;

/**
 * Keeps the cluster's packets on the machine and other machines' packets out of the cluster.
 *
 * - A pod reaches pods, Services, the API server and the kubelet, and nothing else: neither another
 *   network nor a program of the host's. It is refused at once instead of waiting for an answer.
 * - What comes from another network is dropped when it is meant for the node or a pod.
 *
 * Idempotent. Called again after kube-proxy has started, which puts its own rules first.
 */
export async function ensureFirewall(): Promise<void> {
  const saved = await saveRules("iptables", "filter");
  await restoreRules("iptables", renderFirewall(saved));
}

/** The input of `iptables-restore --noflush` that leads to our rules from `saved`, in one step. */
export function renderFirewall(saved: string): string {
  const { bridge, node, podCidr, serviceCidr } = network;
  const lines = saved.split("\n");
  const oldJumps = jumps
    .map(({ from, to }) => `-A ${from} -j ${to}`)
    .filter((rule) => lines.includes(rule))
    .map((rule) => rule.replace("-A", "-D"));
  const refuse = "-j REJECT --reject-with icmp-admin-prohibited";
  return [
    "*filter",
    ...jumps.map(({ to }) => `:${to} - [0:0]`),
    ...oldJumps,
    ...jumps.map(({ from, to, place }) =>
      place === "first" ? `-I ${from} 1 -j ${to}` : `-A ${from} -j ${to}`,
    ),
    "-A SLIPWAY-INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
    `-A SLIPWAY-INPUT -i ${bridge} -d ${node} -p tcp -m multiport --dports ${ports.apiServer},${ports.kubelet} -j RETURN`,
    `-A SLIPWAY-INPUT -i ${bridge} -p icmp -j RETURN`,
    `-A SLIPWAY-INPUT -i ${bridge} ${refuse}`,
    "-A SLIPWAY-INPUT -i lo -j RETURN",
    `-A SLIPWAY-INPUT -d ${podCidr} -j DROP`,
    `-A SLIPWAY-INPUT -d ${serviceCidr} -j DROP`,
    // Between pods kube-proxy decides: it refuses connections to Services without endpoints.
    `-A SLIPWAY-FORWARD -i ${bridge} -o ${bridge} -j RETURN`,
    `-A SLIPWAY-FORWARD -i ${bridge} ${refuse}`,
    `-A SLIPWAY-FORWARD -o ${bridge} -j DROP`,
    // Where a container engine has made dropping the default.
    `-A SLIPWAY-ACCEPT -i ${bridge} -o ${bridge} -j ACCEPT`,
    "COMMIT",
    "",
  ].join("\n");
}

/** Removes every chain of ours but `keep`, and the rules that lead into them. */
export async function removeFirewall(keep: readonly string[]): Promise<void> {
  for (const family of families) {
    const script = renderRemoval(await saveRules(family), keep);
    if (script) await restoreRules(family, script);
  }
}

/** The input of `iptables-restore --noflush` that removes our chains; empty when there are none. */
export function renderRemoval(saved: string, keep: readonly string[]): string {
  return saved
    .split(/^(?=\*)/m)
    .map((table) => renderTableRemoval(table.split("\n"), keep))
    .join("");
}

function renderTableRemoval(lines: readonly string[], keep: readonly string[]): string {
  const table = lines.find((line) => line.startsWith("*"));
  const chains = chainNames(lines).filter((name) => !keep.includes(name));
  if (!table || chains.length === 0) return "";
  const isOurs = (name: string | undefined) => name !== undefined && chains.includes(name);
  const leading = lines.filter((line) => {
    const [, from, to] = /^-A (\S+).* -[jg] (\S+)/.exec(line) ?? [];
    return isOurs(to) && !isOurs(from);
  });
  return [
    table,
    ...leading.map((rule) => rule.replace("-A", "-D")),
    // All are emptied before the first goes: a chain that another one jumps to can't be removed.
    ...chains.map((name) => `-F ${name}`),
    ...chains.map((name) => `-X ${name}`),
    "COMMIT",
    "",
  ].join("\n");
}

/** Names of the chains that are there although this machine has no cluster of ours. */
export async function foreignChains(): Promise<string[]> {
  const saved = await Promise.all(families.map((family) => saveRules(family)));
  const names = saved.flatMap((text) => chainNames(text.split("\n")));
  return [...new Set(names)].filter((name) => name.startsWith("KUBE-"));
}

function chainNames(lines: readonly string[]): string[] {
  return lines
    .map((line) => /^:(\S+) /.exec(line)?.[1])
    .filter((name) => name !== undefined)
    .filter((name) => ourChain.test(name));
}

async function saveRules(family: Family, table?: string): Promise<string> {
  const { stdout } = await run(`${family}-save`, table ? ["-t", table] : [], {
    env: adminEnvironment(),
  });
  return stdout;
}

async function restoreRules(family: Family, script: string): Promise<void> {
  // kube-proxy may hold the lock: waiting for it is what --wait is for.
  await run(`${family}-restore`, ["--noflush", "--wait", "10"], {
    input: script,
    env: adminEnvironment(),
  });
}
