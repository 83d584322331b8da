import type { Probe } from "../package/package.ts";
import type { ReleasedAgent } from "./input.ts";

/**
 * Startup, readiness and liveness probes.
 *
 * Startup is asked every second unless the values say otherwise, so that a pod joins as soon as it can; the kubelet asks for
 * readiness right after it. Two failed readiness probes take a pod out of the Service. Liveness is
 * slow to judge and asks another path: a restart helps only a process that is stuck.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
 */
export function probes({ package: { agent }, values }: ReleasedAgent) {
  const { probes: paths, startupBudgetSeconds } = agent;
  const { startupPeriodSeconds = 1 } = values.overrides;
  return {
    startupProbe: {
      ...ask(paths.startup),
      periodSeconds: startupPeriodSeconds,
      timeoutSeconds: 3,
      failureThreshold: Math.ceil(startupBudgetSeconds / startupPeriodSeconds),
    },
    readinessProbe: {
      ...ask(paths.ready),
      periodSeconds: 2,
      timeoutSeconds: 3,
      failureThreshold: 2,
    },
    livenessProbe: {
      ...ask(paths.live),
      periodSeconds: 10,
      timeoutSeconds: 3,
      failureThreshold: 3,
    },
  };
}

function ask(probe: Probe) {
  if (typeof probe !== "string") return { exec: { command: probe.command } };
  return { httpGet: { path: probe, port: "http", scheme: "HTTP" } };
}
