import { join } from "node:path";
import { withLock } from "../../adapters/lock.ts";
import type { Report } from "../../adapters/report.ts";
import type { Cluster, ClusterDriver } from "../driver.ts";
import { bringDown } from "./down.ts";
import { clusterFolder, contextName, layout, network, ports, registry } from "./layout.ts";
import { refuseUnsupported } from "./preflight.ts";
import { readStatus } from "./status.ts";
import { findSystemPrograms } from "./system-programs.ts";
import { bringUp, stoppedParts } from "./up.ts";

/**
 * Runs upstream Kubernetes on this machine: Linux, as root, without a container engine.
 *
 * @param folder where the cluster keeps everything that it has on disk.
 */
export function embeddedDriver(folder: string = clusterFolder): ClusterDriver {
  const paths = layout(folder);
  const lockFile = join(folder, "..", "cluster.lock");
  const alone = <T>(purpose: string, report: Report, work: () => Promise<T>) =>
    withLock(lockFile, purpose, work, (owner) =>
      report(`Waiting for process ${owner.pid} (${owner.purpose})`),
    );
  const cluster: Cluster = {
    driver: "embedded",
    kubeconfig: paths.kubeconfig,
    context: contextName,
    registry,
    address: "127.0.0.1",
    builder: { buildkit: `unix://${paths.buildkitSocket}` },
  };
  return {
    name: "embedded",
    plan: async () => {
      refuseUnsupported();
      return stoppedParts(paths).length === 0 ? [] : plannedChanges(folder);
    },
    up: (report) =>
      alone("cluster up", report, async () => {
        await bringUp(paths, report);
        return cluster;
      }),
    status: async () => {
      refuseUnsupported();
      return readStatus(paths);
    },
    down: async (report) => {
      refuseUnsupported();
      await alone("cluster down", report, () => bringDown(paths, report));
    },
  };
}

async function plannedChanges(folder: string): Promise<string[]> {
  const { packages } = await findSystemPrograms();
  return [
    ...(packages.length > 0 ? [`install Debian packages, which stay: ${packages.join(", ")}`] : []),
    "run as root: etcd, the Kubernetes 1.34 programs, containerd, BuildKit and an image registry",
    `add the network bridge ${network.bridge} (${network.podCidr}), a route for ${network.serviceCidr} and firewall chains SLIPWAY-* and KUBE-*`,
    `listen on ${network.node} and 127.0.0.1 only, the registry on port ${ports.registry}`,
    "change kernel settings that the kubelet and kube-proxy need, until: npx slipway cluster down",
    `keep everything else in ${folder}`,
  ];
}
