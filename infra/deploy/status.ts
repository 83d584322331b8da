import { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { UserError } from "../domain/errors.ts";
import { judgeRollout } from "../domain/rollout/judge.ts";
import type { Judgement } from "../domain/rollout/judgement.ts";
import { readFacts } from "./facts.ts";
import { compareLive } from "./live.ts";
import { readRecord } from "./record.ts";
import type { AgentSummary } from "./summary.ts";

/** How one stack is doing. */
export interface StackStatus {
  readonly stack: string;
  readonly namespace: string;
  /** True when every agent is ready and every object is as it was deployed. */
  readonly healthy: boolean;
  readonly agents: readonly AgentStatus[];
  /** Objects that are not as they were deployed, such as `Service fastapi-agent: spec.type`. */
  readonly drift: readonly string[];
}

export interface AgentStatus extends AgentSummary {
  readonly rollout: Judgement;
  readonly pods: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly restarts: number;
  }[];
}

/**
 * Looks at what the last deployment of a stack put into the cluster.
 *
 * @throws {UserError} `not-deployed`, `cluster-unreachable`.
 */
export async function readStatus(stack: string): Promise<StackStatus> {
  const record = await readRecord(stack);
  if (!record) {
    throw new UserError(
      "not-deployed",
      `The stack ${stack} was not deployed from this checkout`,
      `npx slipway deploy ${stack}`,
    );
  }
  const { target, summary, objects } = record;
  const client = await KubernetesClient.connect(target.kubeconfig, target.context);
  try {
    const [compared, facts] = await Promise.all([
      compareLive(client, objects),
      readFacts(client, summary.namespace),
    ]);
    const agents = summary.agents.map((agent) => agentStatus(agent, facts));
    const drift = compared.flatMap(({ desired, live, differences }) => {
      const name = `${desired.kind} ${desired.metadata.name}`;
      return live ? differences.map(({ path }) => `${name}: ${path}`) : [`${name}: missing`];
    });
    const ready = agents.every(({ rollout }) => rollout.kind === "ready");
    return { ...summary, agents, drift, healthy: ready && drift.length === 0 };
  } finally {
    client.close();
  }
}

type Facts = Awaited<ReturnType<typeof readFacts>>;

function agentStatus(agent: AgentSummary, { deployments, ...facts }: Facts): AgentStatus {
  const deployment = deployments.find(({ metadata }) => metadata.name === agent.name);
  const rollout: Judgement = deployment
    ? judgeRollout({ deployment, ...facts })
    : { kind: "progressing", text: "there is no Deployment" };
  const pods = facts.pods
    .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === agent.name)
    .map(({ metadata, status }) => ({
      name: metadata.name,
      ready:
        status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ??
        false,
      restarts:
        status?.containerStatuses?.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0) ??
        0,
    }));
  return { ...agent, rollout, pods };
}
