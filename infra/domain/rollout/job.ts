import { exitCodeMeaning } from "./exit-code.ts";
import type { LiveEvent, LiveJob, LivePod } from "./facts.ts";
import type { Failure, Judgement } from "./judgement.ts";
import { podFailure } from "./pod-failure.ts";

/** Everything by which a Job is judged. Pods and events of others are ignored. */
export interface JobFacts {
  readonly job: LiveJob;
  readonly pods: readonly LivePod[];
  readonly events: readonly LiveEvent[];
}

/**
 * Judges a Job from what the cluster says now: done, on its way, or failed and why. A pod that
 * cannot start fails it at once; the Job itself would say so only when its time is up.
 */
export function judgeJob({ job, pods, events }: JobFacts): Judgement {
  const own = pods.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid),
  );
  const holds = (type: string) =>
    job.status?.conditions?.find((one) => one.type === type && one.status === "True");
  if (holds("Complete")) return { kind: "ready" };
  const failed = holds("Failed");
  if (failed) return jobFailure(job, `${failed.reason}: ${failed.message}`, own);
  const stuck = stuckPod(own, events) ?? refusedPod(job, events);
  return stuck ?? { kind: "progressing", text: `job ${job.metadata.name} runs` };
}

function jobFailure({ metadata }: LiveJob, why: string, pods: readonly LivePod[]): Failure {
  const pod = pods.findLast(({ status }) => status?.phase === "Failed");
  const [container] = pod?.status?.containerStatuses ?? [];
  const code = container?.state?.terminated?.exitCode;
  const ending =
    code === undefined ? "" : `; the process ${exitCodeMeaning(code)}, exit code ${code}`;
  return {
    kind: "failed",
    cause: "job",
    message: `job ${metadata.name} failed: ${why}${ending}`,
    hint: "read the last log lines, put right what they name, and deploy again: a failed job is started anew",
    ...(pod && container && { pod: pod.metadata.name, container: container.name, logs: "current" }),
  };
}

function stuckPod(pods: readonly LivePod[], events: readonly LiveEvent[]): Failure | undefined {
  for (const pod of pods) {
    // A pod of a Job may fail: the Job counts its attempts.
    if (pod.status?.phase === "Failed" || pod.metadata.deletionTimestamp !== undefined) continue;
    const own = events.filter(({ involvedObject }) => involvedObject?.uid === pod.metadata.uid);
    const found = podFailure(pod, { events: own, podsTerminating: false });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The API server refuses the pod. What a quota refuses may have room a little later. */
function refusedPod({ metadata }: LiveJob, events: readonly LiveEvent[]): Failure | undefined {
  const refused = events.findLast(
    ({ reason, involvedObject, message = "" }) =>
      reason === "FailedCreate" &&
      involvedObject?.uid === metadata.uid &&
      !message.includes("exceeded quota"),
  );
  if (refused === undefined) return undefined;
  return {
    kind: "failed",
    cause: "admission",
    message: `the API server refuses the pod of job ${metadata.name}: ${refused.message}`,
    hint: "change what the message names: the pod breaks a rule of its namespace",
  };
}
