import { findCluster } from "../cluster/record.ts";
import type { DeployPlan } from "./plan.ts";

/** What runs in a stack and how it is reached. */
export interface StackSummary {
  readonly stack: string;
  readonly namespace: string;
  readonly agents: readonly AgentSummary[];
}

export interface AgentSummary {
  readonly name: string;
  /** Version of the package. */
  readonly version: string;
  readonly image: string;
  /** Where it answers on this machine, when its Service has a port on the node. */
  readonly address?: string;
  /** The command that makes it answer on this machine otherwise; absent when it serves nobody. */
  readonly forward?: string;
}

/** Tells what a plan puts where. */
export async function summarize({ environment, agents, target }: DeployPlan) {
  const local = environment.cluster === "local" ? await findCluster() : undefined;
  const { namespace } = environment;
  const access = `kubectl --kubeconfig=${target.kubeconfig} --context=${target.context}`;
  return {
    stack: environment.name,
    namespace,
    agents: agents.map(({ name, package: pkg, release, values }): AgentSummary => {
      const { nodePort, port } = values.service;
      const serves = pkg.agent.port !== undefined;
      return {
        name,
        version: release.version,
        image: release.image,
        ...(local && nodePort && { address: `http://${local.address}:${nodePort}` }),
        ...(serves && {
          forward: `${access} --namespace=${namespace} port-forward service/${name} 8080:${port}`,
        }),
      };
    }),
  };
}
