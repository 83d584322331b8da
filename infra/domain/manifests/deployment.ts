import type { Environment } from "../stack/environment.ts";
import { container, volumes } from "./container.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { agentLabels, agentMetadata, selectorLabels } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";
import { minReadySeconds, progressDeadlineSeconds, terminationGraceSeconds } from "./timing.ts";

/** The image's user and group. Above 10000, so that it is no user of the node. */
const userId = 10001;

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
  const contract = agent.package.agent;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...agentMetadata(environment, agent), annotations: exemptions },
    spec: {
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      minReadySeconds,
      progressDeadlineSeconds: progressDeadlineSeconds(contract),
      revisionHistoryLimit,
      selector: { matchLabels: selectorLabels(agent.name) },
      template: {
        metadata: { labels: agentLabels(environment, agent) },
        spec: {
          serviceAccountName: agent.name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: "Always",
          terminationGracePeriodSeconds: terminationGraceSeconds(contract),
          securityContext: podSecurity,
          // Names of model hosts have two dots or more: look them up as they are, not in the
          // cluster's five search domains first.
          dnsConfig: { options: [{ name: "ndots", value: "2" }] },
          affinity: { podAntiAffinity: apart(agent.name) },
          topologySpreadConstraints: [spread(agent.name)],
          containers: [container(agent, hashes)],
          volumes: volumes(agent, hashes),
        },
      },
    },
  };
}

const podSecurity = {
  runAsNonRoot: true,
  runAsUser: userId,
  runAsGroup: userId,
  fsGroup: userId,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

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
