import { contractEnvironment, secretFileVariable } from "../package/environment.ts";
import type { Package } from "../package/package.ts";
import { exceeds } from "../quantity.ts";
import { isSecretName, isSecretValue } from "../secrets/naming.ts";
import type { Violation } from "../text/check.ts";
import type { Values } from "./values.ts";

/** What is wrong with values that have the right shape but contradict themselves or the package. */
export function contradictions(values: Values, pkg: Package): readonly Violation[] {
  return [
    ...replicaProblems(values),
    ...resourceProblems(values),
    ...serviceProblems(values),
    ...configProblems(values, pkg),
  ];
}

function replicaProblems({ replicas }: Values): readonly Violation[] {
  if (replicas.max > replicas.min) return [];
  const message = `"replicas.max" (${replicas.max}) must be more than "replicas.min" (${replicas.min}), or the autoscaler has no room`;
  return [{ path: ["replicas", "max"], message }];
}

function resourceProblems({ resources }: Values): readonly Violation[] {
  const { requests, limits, tmp } = resources;
  const problems: Violation[] = [];
  for (const name of ["cpu", "memory", "ephemeral-storage"] as const) {
    const limit = limits[name];
    if (limit === undefined || !exceeds(requests[name], limit)) continue;
    problems.push({
      path: ["resources", "requests", name],
      message: `"resources.requests.${name}" (${requests[name]}) is more than the limit (${limit})`,
    });
  }
  if (!exceeds(limits["ephemeral-storage"], tmp)) {
    problems.push({
      path: ["resources", "tmp"],
      message: `"resources.tmp" (${tmp}) must be less than the limit on ephemeral-storage (${limits["ephemeral-storage"]}), which also holds logs`,
    });
  }
  return problems;
}

function serviceProblems({ service, networkPolicy }: Values): readonly Violation[] {
  const problems: Violation[] = [];
  if (service.type === "ClusterIP" && service.nodePort !== undefined) {
    const message = `"service.nodePort" needs "service.type" NodePort or LoadBalancer; null removes it`;
    problems.push({ path: ["service", "nodePort"], message });
  }
  if (service.type !== "ClusterIP" && networkPolicy.ingress.cidrs.length === 0) {
    const message = `"service.type" is ${service.type}, but "networkPolicy.ingress.cidrs" lets nobody outside the cluster in`;
    problems.push({ path: ["service", "type"], message });
  }
  return problems;
}

function configProblems({ config, secrets }: Values, pkg: Package): readonly Violation[] {
  const reserved = new Set([
    ...Object.keys(contractEnvironment(pkg.agent)),
    ...Object.keys(secrets).map(secretFileVariable),
  ]);
  return Object.entries(config).flatMap(([key, value]) => {
    const path = ["config", key];
    if (reserved.has(key)) {
      return [{ path, message: `"config.${key}" is derived from package.yaml; change it there` }];
    }
    if (Object.hasOwn(secrets, key) || isSecretName(key) || isSecretValue(value)) {
      const message = `"config.${key}" looks like a secret; move its value to the stack's env file (stacks/.env.<stack>) and declare "secrets.${key}"`;
      return [{ path, message }];
    }
    return [];
  });
}
