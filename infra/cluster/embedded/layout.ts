import { join } from "node:path";
import { stateFolder } from "../../adapters/paths.ts";

/** Names and addresses of the cluster. They are the machine's, so a machine has one cluster. */
export const network = {
  bridge: "slipway0",
  /** The bridge's address: the node, its kubelet and the API server. No other machine reaches it. */
  node: "10.244.0.1",
  nodeCidr: "10.244.0.0/24",
  podCidr: "10.244.0.0/16",
  serviceCidr: "10.96.0.0/16",
  apiService: "10.96.0.1",
  dnsService: "10.96.0.10",
} as const;

/** TCP ports that the cluster listens on, beside NodePorts. */
export const ports = {
  apiServer: 6443,
  etcd: 2379,
  etcdPeer: 2380,
  kubelet: 10250,
  kubeletHealth: 10248,
  proxyMetrics: 10249,
  proxyHealth: 10256,
  controllerManager: 10257,
  scheduler: 10259,
  registry: 5000,
} as const;

/** An address that only this machine reaches, as "host:port". */
export const loopback = (port: number) => `127.0.0.1:${port}`;

/** The parts of the cluster that run on the machine itself, and where each listens. */
export const listenAddresses = {
  registry: [loopback(ports.registry)],
  buildkitd: [],
  containerd: [],
  etcd: [loopback(ports.etcd), loopback(ports.etcdPeer)],
  "kube-apiserver": [`${network.node}:${ports.apiServer}`],
  "kube-controller-manager": [loopback(ports.controllerManager)],
  "kube-scheduler": [loopback(ports.scheduler)],
  kubelet: [`${network.node}:${ports.kubelet}`, loopback(ports.kubeletHealth)],
  "kube-proxy": [loopback(ports.proxyHealth), loopback(ports.proxyMetrics)],
} as const satisfies Record<string, readonly string[]>;

/** The name of a part that runs on the machine itself. */
export type PartName = keyof typeof listenAddresses;

/** All parts that run on the machine itself. */
export const partNames = Object.keys(listenAddresses) as readonly PartName[];

/** The file name of a part's program. */
export const programOf = {
  ...(Object.fromEntries(partNames.map((name) => [name, name])) as Record<PartName, string>),
  registry: "docker-registry",
};

/** The one node's name. */
export const nodeName = "slipway";

/** The context, cluster and user in the kubeconfig. */
export const contextName = "slipway";

/** The address of the local registry in image names. */
export const registry = `localhost:${ports.registry}`;

/** The cgroup that holds every pod and every build, below the root of each hierarchy. */
export const cgroup = "slipway";

/** Where the cluster keeps what it has on disk. */
export type Layout = ReturnType<typeof layout>;

/** The paths of a cluster that lives in `folder`. */
export function layout(folder: string) {
  return {
    folder,
    kubeconfig: join(folder, "kubeconfig"),
    /** What the machine was like before the first `up`. */
    machine: join(folder, "machine.json"),
    pki: join(folder, "pki"),
    config: join(folder, "config"),
    logs: join(folder, "logs"),
    /** Sockets and mounts, worthless once the processes are gone. */
    run: join(folder, "run"),
    data: join(folder, "data"),
    containerdSocket: join(folder, "run", "containerd.sock"),
    buildkitSocket: join(folder, "run", "buildkitd.sock"),
  };
}

/** The folder of this machine's cluster. */
export const clusterFolder = join(stateFolder, "cluster");
