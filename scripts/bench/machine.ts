import { cpus, totalmem } from "node:os";
import { readCluster } from "../../infra/cluster/record.ts";
import { manifest } from "../../infra/toolchain/manifest.ts";

/** What the figures depend on. */
export interface Machine {
  readonly processors: number;
  readonly model: string;
  /** Such as "24 GB". */
  readonly memory: string;
  readonly node: string;
  readonly cluster: string;
  readonly helm: string;
  readonly kubectl: string;
  readonly pulumi: string;
}

/** Tells what the comparison ran on. */
export async function describeMachine(): Promise<Machine> {
  const processors = cpus();
  const { driver } = await readCluster();
  return {
    processors: processors.length,
    model: processors[0]?.model.trim() || "unknown",
    memory: `${Math.round(totalmem() / 1e9)} GB`,
    node: process.versions.node,
    cluster: driver,
    helm: manifest.helm.version,
    kubectl: manifest.kubectl.version,
    pulumi: manifest.pulumi.version,
  };
}
