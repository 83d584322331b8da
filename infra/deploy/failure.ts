import type { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { listPath } from "../adapters/kubernetes/paths.ts";
import { UserError } from "../domain/errors.ts";
import type { Failure } from "../domain/rollout/judgement.ts";

/** A pod that cannot start, a rollout that cannot end, or a Job that failed. */
export class RolloutError extends UserError {}

/** The error that tells a failure, with the last log lines of the container that explains it. */
export async function rolloutError(
  client: KubernetesClient,
  namespace: string | undefined,
  failure: Failure,
): Promise<RolloutError> {
  const log = await lastLog(client, namespace, failure);
  const message = log ? `${failure.message}\nlast lines of its log:\n${log}` : failure.message;
  return new RolloutError(`rollout-${failure.cause}`, message, failure.hint);
}

async function lastLog(
  client: KubernetesClient,
  namespace: string | undefined,
  { pod, container, logs }: Failure,
): Promise<string | undefined> {
  if (!pod || !logs) return undefined;
  const query = new URLSearchParams({ tailLines: "20" });
  if (container) query.set("container", container);
  if (logs === "previous") query.set("previous", "true");
  const path = `${listPath("v1", "Pod", namespace)}/${pod}/log?${query}`;
  // A log that cannot be had must not hide why it was wanted.
  const text = await client.text("GET", path).catch(() => "");
  return text.trimEnd().replaceAll(/^/gm, "  ").trimEnd() || undefined;
}
