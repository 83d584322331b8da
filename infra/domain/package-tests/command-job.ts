import type { KubernetesObject } from "../manifests/object.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { valueAt } from "../plain-path.ts";

/** What is run once beside an agent. */
export interface CommandRun {
  /** Name of the Job. */
  readonly name: string;
  readonly command: readonly string[];
  /** Time after which the Job has failed. */
  readonly timeoutSeconds: number;
}

/** What belongs to a container that serves, and not to one that runs a command. */
const serving = ["args", "ports", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle"];

/** Parts of a pod that place it among others of its kind, or run beside it for as long as it lives. */
const placing = ["affinity", "topologySpreadConstraints", "initContainers"];

/**
 * A Job with a pod that is like those of a Deployment, image, settings, secrets and locks, but runs
 * a command once. Its labels are found by the agent's NetworkPolicy, and by no Service.
 *
 * @param deployment as the cluster has it
 */
export function commandJob(
  deployment: KubernetesObject,
  { name, command, timeoutSeconds }: CommandRun,
): KubernetesObject {
  const { namespace, labels } = deployment.metadata;
  const spec = mapIn(deployment, "spec", "template", "spec");
  const [container] = Array.isArray(spec.containers) ? spec.containers : [];
  const own = {
    ...labels,
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/component": "test",
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels: own, ...(namespace !== undefined && { namespace }) },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: timeoutSeconds,
      // Whatever keeps the test from removing it, it does not stay.
      ttlSecondsAfterFinished: 600,
      template: {
        metadata: { labels: own },
        spec: {
          ...without(spec, placing),
          restartPolicy: "Never",
          containers: [{ ...without(container, serving), name: "test", command }],
        },
      },
    },
  };
}

function mapIn(data: unknown, ...path: readonly string[]): PlainMap {
  const value = valueAt(data, path);
  return isPlainMap(value) ? value : {};
}

function without(map: unknown, keys: readonly string[]): PlainMap {
  const entries = Object.entries(isPlainMap(map) ? map : {});
  return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
}
