import { containerFailure } from "./container-failure.ts";
import type { LiveEvent, LivePod } from "./facts.ts";
import type { Failure } from "./judgement.ts";

/** What is known besides the pod itself. */
export interface Surroundings {
  /** Events about the pod. */
  readonly events: readonly LiveEvent[];
  /** Whether pods of the agent are about to go and will free what they use. */
  readonly podsTerminating: boolean;
}

/** Why a pod will not become ready, or undefined when it still may. */
export function podFailure(pod: LivePod, surroundings: Surroundings): Failure | undefined {
  const { events } = surroundings;
  const containers = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
  for (const container of containers) {
    const failure = containerFailure(pod, container, events);
    if (failure !== undefined) return failure;
  }
  return evicted(pod) ?? unschedulable(pod, surroundings) ?? unmounted(pod, events);
}

function evicted({ metadata, status }: LivePod): Failure | undefined {
  if (status?.phase !== "Failed") return undefined;
  const why = [status.reason, status.message].filter(Boolean).join(": ") || "no reason given";
  return {
    kind: "failed",
    cause: "evicted",
    message: `pod ${metadata.name} was ended by its node: ${why}`,
    hint: "check the node's disk and memory: npx slipway doctor",
    pod: metadata.name,
  };
}

/** Reasons for which a pod waits for a node, but not for long. */
const nodeIsComing =
  /node\.kubernetes\.io\/(not-ready|unreachable|uninitialized)|no nodes available/;

function unschedulable(
  pod: LivePod,
  { events, podsTerminating }: Surroundings,
): Failure | undefined {
  const condition = pod.status?.conditions?.find(
    ({ type, status, reason }) =>
      type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  if (condition === undefined || podsTerminating) return undefined;
  const message = condition.message ?? "no reason given";
  const nodeOrdered = events.some(({ reason }) => reason === "TriggeredScaleUp");
  if (nodeOrdered || nodeIsComing.test(message)) return undefined;
  return {
    kind: "failed",
    cause: "unschedulable",
    message: `no node has room for pod ${pod.metadata.name}: ${message}`,
    hint: "lower resources.requests in the stack's values, or free or add a node",
    pod: pod.metadata.name,
  };
}

/** A mount may fail once while the kubelet learns of a new object. */
const mountAttemptsUntilFailed = 2;

function unmounted({ metadata }: LivePod, events: readonly LiveEvent[]): Failure | undefined {
  const missing = events.filter(
    ({ reason, message = "" }) => reason === "FailedMount" && message.includes("not found"),
  );
  const attempts = missing.reduce((sum, { count = 1 }) => sum + count, 0);
  if (attempts < mountAttemptsUntilFailed) return undefined;
  return {
    kind: "failed",
    cause: "volume-mount",
    message: `pod ${metadata.name} cannot mount a volume: ${missing.at(-1)?.message}`,
    hint: "the Secret or ConfigMap is missing: deploy again",
    pod: metadata.name,
  };
}
