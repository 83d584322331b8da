import { ApiError, type KubernetesClient } from "../adapters/kubernetes/client.ts";
import { listPath, objectPath } from "../adapters/kubernetes/paths.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import type { LiveEvent, LiveJob, LivePod } from "../domain/rollout/facts.ts";
import { judgeJob } from "../domain/rollout/job.ts";
import { type RolloutError, rolloutError } from "./failure.ts";

const isJob = ({ kind }: KubernetesObject) => kind === "Job";

/**
 * Removes those of the Jobs that have failed, so that the deployment starts them anew.
 *
 * @returns whether there were any.
 */
export async function removeFailedJobs(
  client: KubernetesClient,
  objects: readonly KubernetesObject[],
): Promise<boolean> {
  const paths = objects.filter(isJob).map(objectPath);
  const live = await Promise.all(paths.map((path) => client.find<LiveJob>(path)));
  const failed = paths.filter((_, index) => live[index] && hasFailed(live[index]));
  // Without a policy the API server would leave the pods of a Job behind.
  await Promise.all(failed.map((path) => remove(client, `${path}?propagationPolicy=Background`)));
  return failed.length > 0;
}

/** Deletes the object at a path, if it is still there. */
export async function remove(client: KubernetesClient, path: string): Promise<void> {
  try {
    await client.text("DELETE", path);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

/** Why one of the Jobs has failed, as the cluster says it now; undefined when none has. */
export async function findJobFailure(
  client: KubernetesClient,
  objects: readonly KubernetesObject[],
): Promise<RolloutError | undefined> {
  const jobs = objects.filter(isJob);
  const namespace = jobs[0]?.metadata.namespace;
  if (namespace === undefined) return undefined;
  const list = async <T>(kind: string) =>
    (await client.get<{ items: readonly T[] }>(listPath("v1", kind, namespace))).items;
  const [pods, events] = await Promise.all([list<LivePod>("Pod"), list<LiveEvent>("Event")]);
  for (const path of jobs.map(objectPath)) {
    const job = await client.find<LiveJob>(path);
    const judgement = job && judgeJob({ job, pods, events });
    if (judgement?.kind === "failed") return rolloutError(client, namespace, judgement);
  }
  return undefined;
}

function hasFailed({ status }: LiveJob): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === "Failed" && is === "True") ?? false
  );
}
