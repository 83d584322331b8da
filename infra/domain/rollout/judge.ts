import type {
  LiveCondition,
  LiveDeployment,
  LivePod,
  LiveReplicaSet,
  RolloutFacts,
} from "./facts.ts";
import type { Failure, Judgement } from "./judgement.ts";
import { podFailure } from "./pod-failure.ts";

const revisionAnnotation = "deployment.kubernetes.io/revision";

/**
 * Judges the rollout of a Deployment from what the cluster says now: ready, on its way, or failed
 * and why. Only pods of the newest ReplicaSet count, so neither trouble that the rollout is about
 * to end nor the health of the old pods misleads it.
 *
 * It keeps no memory and knows no clock: ask again whenever something changed. The limit in time is
 * the Deployment's own progress deadline.
 */
export function judgeRollout(facts: RolloutFacts): Judgement {
  const { deployment, replicaSets } = facts;
  const { generation = 0, name } = deployment.metadata;
  if ((deployment.status?.observedGeneration ?? 0) < generation) {
    return progressing(`waiting for the controller to see the new version of ${name}`);
  }
  const newest = newestReplicaSet(deployment, replicaSets);
  if (newest === undefined) return progressing(`waiting for the ReplicaSet of ${name}`);
  const pods = facts.pods.filter((pod) => owns(newest, pod) && !isTerminating(pod));
  return readiness(facts, pods) ?? failure(facts, newest, pods) ?? progress(deployment, pods);
}

function newestReplicaSet(
  { metadata }: LiveDeployment,
  replicaSets: readonly LiveReplicaSet[],
): LiveReplicaSet | undefined {
  const revision = metadata.annotations?.[revisionAnnotation];
  return replicaSets.find(
    (candidate) =>
      owns({ metadata }, candidate) &&
      candidate.metadata.annotations?.[revisionAnnotation] === revision,
  );
}

/** Ready, or undefined. Availability includes `minReadySeconds`; endpoints are what clients use. */
function readiness(facts: RolloutFacts, pods: readonly LivePod[]): Judgement | undefined {
  const { replicas: wanted, settled } = counts(facts.deployment);
  if (!settled) return undefined;
  if (wanted === 0 || !isServed(facts.deployment)) return { kind: "ready" };
  if (readyEndpoints(facts, pods) > 0) return { kind: "ready" };
  return progressing("waiting for the Service to have a ready endpoint");
}

/** Whether a Service leads to the pods: not to those that serve nobody, such as workers. */
function isServed({ spec }: LiveDeployment): boolean {
  const containers = spec?.template?.spec?.containers;
  return containers?.some(({ ports }) => ports?.some(({ name }) => name === "http")) ?? true;
}

function counts({ spec, status }: LiveDeployment) {
  const replicas = spec?.replicas ?? 1;
  const { replicas: total = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  const settled = [total, updatedReplicas, availableReplicas].every((count) => count === replicas);
  return { replicas, total, updatedReplicas, availableReplicas, settled };
}

function readyEndpoints({ endpointSlices }: RolloutFacts, pods: readonly LivePod[]): number {
  const names = new Set(pods.map((pod) => pod.metadata.name));
  return endpointSlices
    .flatMap((slice) => slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .filter(({ targetRef }) => names.has(targetRef?.name ?? "")).length;
}

function failure(
  facts: RolloutFacts,
  newest: LiveReplicaSet,
  pods: readonly LivePod[],
): Failure | undefined {
  const own = facts.replicaSets.filter((candidate) => owns(facts.deployment, candidate));
  const podsTerminating = facts.pods.some(
    (pod) => isTerminating(pod) && own.some((replicaSet) => owns(replicaSet, pod)),
  );
  for (const pod of pods) {
    const events = facts.events.filter(({ involvedObject }) => isAbout(involvedObject, pod));
    const found = podFailure(pod, { events, podsTerminating });
    if (found !== undefined) return found;
  }
  const deadline = missedDeadline(facts.deployment, pods);
  // Pods that drain count against the quota until they are gone, and the controller retries late.
  const quotaMayFree = deadline === undefined && (podsTerminating || pods.length > 0);
  return refusedPods(newest, quotaMayFree) ?? deadline;
}

/** The API server refuses to create pods: a quota is used up, or an admission rule says no. */
function refusedPods(newest: LiveReplicaSet, quotaMayFree: boolean): Failure | undefined {
  const condition = trueCondition(newest.status?.conditions, "ReplicaFailure");
  if (condition === undefined || condition.reason === "FailedDelete") return undefined;
  const message = `the API server refuses to create pods: ${condition.message ?? condition.reason}`;
  if (!/exceeded quota/.test(condition.message ?? "")) {
    const hint = "change what the message names: the pod breaks a rule of its namespace";
    return { kind: "failed", cause: "admission", message, hint };
  }
  if (quotaMayFree) return undefined;
  const hint = "raise the environment's quota in stacks/pipeline.yaml, or lower replicas.max";
  return { kind: "failed", cause: "quota", message, hint };
}

function missedDeadline(
  { metadata, status }: LiveDeployment,
  pods: readonly LivePod[],
): Failure | undefined {
  const condition = status?.conditions?.find(
    ({ type, status: value }) => type === "Progressing" && value === "False",
  );
  if (condition?.reason !== "ProgressDeadlineExceeded") return undefined;
  const unready = pods.find((pod) => !isReady(pod));
  const container = unready?.status?.containerStatuses?.find(({ ready }) => ready !== true);
  const what = unready ? `pod ${unready.metadata.name} never became ready` : "no pod became ready";
  return {
    kind: "failed",
    cause: "progress-deadline",
    message: `${metadata.name} made no progress within its deadline: ${what}`,
    hint: "check that the readiness probe's path answers 200, then deploy again",
    ...(unready && { pod: unready.metadata.name }),
    ...(container && { container: container.name, logs: "current" }),
  };
}

function progress(deployment: LiveDeployment, pods: readonly LivePod[]): Judgement {
  if (deployment.spec?.paused) return progressing("the Deployment is paused");
  const { replicas, total, updatedReplicas } = counts(deployment);
  const ready = pods.filter(isReady).length;
  if (ready < replicas) {
    const restarted = pods.find((pod) => restarts(pod) > 0);
    const note = restarted ? `; ${restarted.metadata.name} was restarted` : "";
    return progressing(`${ready} of ${replicas} new pods ready${note}`);
  }
  const old = total - updatedReplicas;
  if (old > 0) return progressing(`old pods to be replaced: ${old}`);
  return progressing("waiting for the new pods to stay ready");
}

function progressing(text: string): Judgement {
  return { kind: "progressing", text };
}

function trueCondition(conditions: readonly LiveCondition[] | undefined, type: string) {
  return conditions?.find((condition) => condition.type === type && condition.status === "True");
}

function isReady({ status }: LivePod): boolean {
  return trueCondition(status?.conditions, "Ready") !== undefined;
}

function isTerminating({ metadata }: LivePod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function restarts({ status }: LivePod): number {
  return (status?.containerStatuses ?? []).reduce(
    (sum, { restartCount = 0 }) => sum + restartCount,
    0,
  );
}

type Named = Pick<LiveDeployment, "metadata">;

function owns(owner: Named, owned: Named): boolean {
  return (owned.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);
}

function isAbout(reference: { uid?: string; name?: string } | undefined, { metadata }: LivePod) {
  if (reference?.uid !== undefined) return reference.uid === metadata.uid;
  return reference?.name === metadata.name;
}
