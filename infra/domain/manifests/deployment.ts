import type { Environment } from "../stack/environment.ts";
import { initContainers } from "./companions.ts";
import { container } from "./container.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { agentLabels, agentMetadata, selectorLabels } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";
import { podSpec } from "./pod.ts";
import { minReadySeconds, progressDeadlineSeconds, terminationGraceSeconds } from "./timing.ts";

/** Old ReplicaSets kept for inspection; rolling back is done from git. */
const revisionHistoryLimit = 5;

/**
 * Rules of graders that the Deployment breaks on purpose, in the form that each grader reads.
 *
 * - Replicas are the autoscaler's: a number here would reset the scale on every apply.
 * - An image that is named by digest cannot change under its name, and `Always` would make the
 *   registry a condition for every restart and every scale-up.
 */
const exemptions = {
  "polaris.fairwinds.com/deploymentMissingReplicas-exempt": "true",
  "polaris.fairwinds.com/pullPolicyNotAlways-exempt": "true",
  "kube-score/ignore": "container-image-pull-policy",
  "slipway.dev/exemption-reasons":
    "replicas belong to the HorizontalPodAutoscaler; the image is named by digest, so pulling it again changes nothing",
};

/**
 * Runs the agent so that a rollout loses no request: the new pod is ready before the old one is
 * asked to drain, and the old one gets the time that its longest task needs.
 */
export function deployment(
  environment: Environment,
  agent: ReleasedAgent,
  hashes: Hashes,
): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...agentMetadata(environment, agent), annotations: exemptions },
    spec: {
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      minReadySeconds,
      progressDeadlineSeconds: progressDeadlineSeconds(agent),
      revisionHistoryLimit,
      selector: { matchLabels: selectorLabels(agent.name) },
      template: {
        metadata: { labels: agentLabels(environment, agent) },
        spec: podSpec(agent, hashes, {
          restartPolicy: "Always",
          terminationGracePeriodSeconds: terminationGraceSeconds(agent),
          placement: {
            affinity: { podAntiAffinity: apart(agent.name) },
            topologySpreadConstraints: [spread(agent.name)],
          },
          initContainers: initContainers(agent, hashes),
          container: container(agent, hashes),
        }),
      },
    },
  };
}

function apart(name: string) {
  const podAffinityTerm = {
    topologyKey: "kubernetes.io/hostname",
    labelSelector: { matchLabels: selectorLabels(name) },
  };
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}

/** A wish, not a condition: on one node, or with one full, pods must still start. */
function spread(name: string) {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorLabels(name) },
  };
}
