import { sortedEntries } from "../plain-map.ts";
import type { Environment } from "../stack/environment.ts";
import type { JobValues } from "../values/values.ts";
import { companion } from "./companions.ts";
import { hashedName } from "./configuration.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { jobLabels } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";
import { podSpec } from "./pod.ts";

/** Annotation on every Job: `before` or `after` the pods of the release. */
export const whenAnnotation = "slipway.dev/when";

const defaultTimeoutSeconds = 300;

/**
 * The agent's Jobs, as `<agent>-<job>` until `nameJob` gives each the name of its content.
 *
 * A Job stays when it is done. One that went away by itself (`ttlSecondsAfterFinished`) would be
 * drift, and would run again with the next deployment of the same release; the Job of the next
 * release replaces it.
 */
export function jobs(
  environment: Environment,
  agent: ReleasedAgent,
  hashes: Hashes,
): readonly KubernetesObject[] {
  return sortedEntries(agent.values.jobs).map(([name, job]) => {
    const labels = jobLabels(environment, agent, name);
    const { when, retries = 0, timeoutSeconds = defaultTimeoutSeconds } = job;
    return {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: `${agent.name}-${name}`,
        namespace: environment.namespace,
        labels,
        annotations: {
          [whenAnnotation]: when,
          "slipway.dev/kept": "until a release replaces it: a Job that is gone runs again",
        },
      },
      spec: {
        backoffLimit: retries,
        activeDeadlineSeconds: timeoutSeconds,
        template: { metadata: { labels }, spec: jobPod(agent, hashes, name, job) },
      },
    };
  });
}

/**
 * A Job of another image, configuration or command has another name: its template is immutable, and
 * one that is done is not started again. Any other object is returned as it is.
 */
export function nameJob(object: KubernetesObject, hashes: Hashes): KubernetesObject {
  if (object.kind !== "Job") return object;
  const name = hashedName(object.metadata.name, object.spec, hashes.config);
  return { ...object, metadata: { ...object.metadata, name } };
}

function jobPod(agent: ReleasedAgent, hashes: Hashes, name: string, job: JobValues) {
  return podSpec(agent, hashes, {
    restartPolicy: "Never",
    container: companion(agent, hashes, name, job, true),
  });
}
