import { existsSync } from "node:fs";
import { CommandError, run } from "../../adapters/process.ts";
import { UserError } from "../../domain/errors.ts";
import { adminEnvironment } from "./environment.ts";
import { network } from "./layout.ts";
import { writeSysctl } from "./machine.ts";

/** Made from the node's address, so that the bridge keeps it when pods come and go. */
const bridgeMac = "0a:58:0a:f4:00:01";

/**
 * Makes the bridge that pods are connected to, and the routes that keep cluster addresses on it.
 * Without the Service route, a connection made before kube-proxy has written its rules would leave
 * by the default route, and stay with whoever answers there.
 */
export async function ensureBridge(): Promise<void> {
  const { bridge, node, podCidr, serviceCidr } = network;
  if (!bridgeExists()) await ip("link", "add", bridge, "address", bridgeMac, "type", "bridge");
  await ip("address", "replace", `${node}/24`, "dev", bridge);
  if (existsSync("/proc/sys/net/ipv6")) writeSysctl(`net/ipv6/conf/${bridge}/disable_ipv6`, "1");
  await ip("link", "set", bridge, "up");
  writeSysctl(`net/ipv4/conf/${bridge}/forwarding`, "1");
  await ip("route", "replace", serviceCidr, "dev", bridge, "src", node);
  await ip("route", "replace", "blackhole", podCidr);
}

/** Removes the bridge, the pods' ends that hang on it, and the routes. */
export async function removeBridge(): Promise<void> {
  const { bridge, podCidr } = network;
  if (bridgeExists()) {
    for (const { ifname } of await ipJson<Link>("link", "show", "master", bridge)) {
      // A pod's end goes by itself when the kernel gets to its network namespace.
      await ip("link", "delete", ifname).catch(() => {});
    }
    await ip("link", "delete", bridge);
  }
  const routes = await ipJson<Route>("route", "show", "type", "blackhole");
  if (routes.some(({ dst }) => dst === podCidr)) await ip("route", "delete", "blackhole", podCidr);
}

function bridgeExists(): boolean {
  return existsSync(`/sys/class/net/${network.bridge}`);
}

/**
 * Refuses a machine that uses the cluster's addresses for something else, such as a VPN.
 *
 * @throws {UserError} `network-in-use`.
 */
export async function refuseForeignRoutes(): Promise<void> {
  const routes = await ipJson<Route>("route", "show");
  const foreign = routes.find(
    ({ dst, dev, type }) =>
      dev !== network.bridge &&
      type !== "blackhole" &&
      [network.podCidr, network.serviceCidr].some((own) => overlap(own, dst)),
  );
  if (!foreign) return;
  throw new UserError(
    "network-in-use",
    `The route to ${foreign.dst} by ${foreign.dev ?? "another device"} overlaps the cluster's networks ${network.podCidr} and ${network.serviceCidr}`,
    `ip route show ${foreign.dst}  # then disconnect what made it, or use: npx slipway cluster up --driver kind`,
  );
}

/** True when two IPv4 networks share an address. "default", which holds all, does not count. */
export function overlap(one: string, other: string): boolean {
  if (other === "default") return false;
  const [a, b] = [parseCidr(one), parseCidr(other)];
  const bits = Math.min(a.bits, b.bits);
  const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
  return (a.address & mask) >>> 0 === (b.address & mask) >>> 0;
}

function parseCidr(cidr: string): { address: number; bits: number } {
  const [address = "", bits = "32"] = cidr.split("/");
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { address: number, bits: Number(bits) };
}

interface Link {
  readonly ifname: string;
}

interface Route {
  readonly dst: string;
  readonly dev?: string;
  readonly type?: string;
}

async function ip(...args: string[]): Promise<void> {
  await run("ip", args, { env: adminEnvironment() });
}

async function ipJson<T>(...args: string[]): Promise<T[]> {
  try {
    return JSON.parse(
      (await run("ip", ["-json", ...args], { env: adminEnvironment() })).stdout || "[]",
    );
  } catch (error) {
    if (error instanceof CommandError) return []; // No such route or link.
    throw error;
  }
}
