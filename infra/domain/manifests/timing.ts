import type { Package } from "../package/package.ts";
import type { Values } from "../values/values.ts";

/** Time that a process needs to end after its last request, and the kubelet to notice. */
const shutdownSeconds = 10;

/** Time that scheduling and an image pull may take before the process starts. */
const placementSeconds = 120;

/**
 * How long a new pod must stay ready before it counts as available. A rollout waits this long for
 * every pod in turn, so it only has to outlast a crash right after the first request; crashes later
 * in the rollout are seen by their restarts.
 */
export const minReadySeconds = 2;

/** What timing depends on. */
export interface Timed {
  readonly package: Pick<Package, "agent">;
  readonly values: Pick<Values, "overrides">;
}

/** Time from the order to stop until the process is killed: the drain, then the longest task. */
export function terminationGraceSeconds({ package: { agent }, values }: Timed): number {
  const derived = (agent.drain?.seconds ?? 0) + agent.longestTaskSeconds + shutdownSeconds;
  return values.overrides.terminationGraceSeconds ?? derived;
}

/** Time without progress after which a rollout counts as failed. Each pod starts it anew. */
export function progressDeadlineSeconds({ package: { agent }, values }: Timed): number {
  return values.overrides.progressDeadlineSeconds ?? agent.startupBudgetSeconds + placementSeconds;
}
