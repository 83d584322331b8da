import type { Environment } from "../stack/environment.ts";
import type { ReleasedAgent } from "./input.ts";
import { agentMetadata, selectorLabels } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";

/** Removing a pod ends its streams, so only one goes at a time, with a pause for them to drain. */
const scaleDownPeriodSeconds = 120;

/** Share of what a pod takes at once that it should have: the rest is for while new pods start. */
const concurrencyShare = 0.7;

/** Owns the number of pods: up at once, down slowly. */
export function horizontalPodAutoscaler(
  environment: Environment,
  agent: ReleasedAgent,
): KubernetesObject {
  const { replicas, autoscaling } = agent.values;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: agentMetadata(environment, agent),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: agent.name },
      minReplicas: replicas.min,
      maxReplicas: replicas.max,
      metrics: [metric(environment, agent)],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0 },
        scaleDown: {
          stabilizationWindowSeconds: autoscaling.scaleDownWindowSeconds,
          policies: [{ type: "Pods", value: 1, periodSeconds: scaleDownPeriodSeconds }],
        },
      },
    },
  };
}

function metric({ customMetrics }: Environment, { values, package: pkg }: ReleasedAgent) {
  const { cpuPercent, signal = customMetrics ? "concurrency" : "cpu" } = values.autoscaling;
  if (signal === "cpu") {
    const target = { type: "Utilization", averageUtilization: cpuPercent };
    return { type: "Resource", resource: { name: "cpu", target } };
  }
  const inFlight = Math.max(1, Math.floor(pkg.agent.concurrencyPerPod * concurrencyShare));
  const target = { type: "AverageValue", averageValue: String(inFlight) };
  return { type: "Pods", pods: { metric: { name: "agent_requests_in_flight" }, target } };
}

/**
 * Lets a node drain evict one pod at a time, or as many as the values say. Pods that never became ready may always go, or a
 * broken release would block the drain.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
 */
export function podDisruptionBudget(
  environment: Environment,
  agent: ReleasedAgent,
): KubernetesObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: agentMetadata(environment, agent),
    spec: {
      maxUnavailable: agent.values.overrides.maxUnavailable ?? 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selectorLabels(agent.name) },
    },
  };
}
