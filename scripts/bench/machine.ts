import { cpus, totalmem } from "node:os";
import type { Cluster } from "../../infra/cluster/driver.ts";
import { manifest } from "../../infra/toolchain/manifest.ts";

/** What every figure depends on. */
export interface Host {
  readonly processors: number;
  readonly model: string;
  /** Such as "24 GB". */
  readonly memory: string;
  readonly node: string;
}

/** What the figures of a comparison depend on. */
export interface Machine extends Host {
  readonly cluster: Cluster["driver"];
  readonly helm: string;
  readonly kubectl: string;
  readonly pulumi: string;
}

/** Tells what this machine is. */
export function describeHost(): Host {
  const processors = cpus();
  return {
    processors: processors.length,
    model: processors[0]?.model.trim() || "unknown",
    memory: `${Math.round(totalmem() / 1e9)} GB`,
    node: process.versions.node,
  };
}

/** Tells what a comparison ran on. The versions are the pinned ones. */
export function describeMachine({ driver }: Cluster): Machine {
  return {
    ...describeHost(),
    cluster: driver,
    helm: manifest.helm.version,
    kubectl: manifest.kubectl.version,
    pulumi: manifest.pulumi.version,
  };
}

/** A host in one line. */
export function renderHost({ processors, model, memory, node }: Host): string {
  return `${processors} processors (${model}), ${memory}, Node.js ${node}`;
}
