import type { Problem } from "../errors.ts";
import { exceeds, parseQuantity } from "../quantity.ts";
import type { SourceDocument } from "../text/document.ts";
import type { Values } from "../values/values.ts";
import type { Environment } from "./environment.ts";

/** An agent's name and what it asks for. */
export interface Demand {
  readonly name: string;
  readonly values: Values;
}

/**
 * What the cluster would refuse later, one pod at a time: containers outside the environment's
 * LimitRange, and agents that do not fit into the quota while a rollout replaces their pods at full
 * scale. `pipeline` is the document that `environment` comes from.
 */
export function capacityProblems(
  environment: Environment,
  demands: readonly Demand[],
  pipeline: SourceDocument,
): readonly Problem[] {
  const path = ["environments", indexOf(environment, pipeline)];
  return [
    ...demands.flatMap((demand) =>
      rangeProblems(environment, demand).map(({ bound, message }) =>
        pipeline.problemAt([...path, "limitRange", bound], message),
      ),
    ),
    ...quotaProblems(environment, demands).map(({ resource, message }) =>
      pipeline.problemAt([...path, "quota", resource], message),
    ),
  ];
}

function indexOf({ name }: Environment, pipeline: SourceDocument): number {
  const { environments } = pipeline.value as { environments: readonly Environment[] };
  return environments.findIndex((candidate) => candidate.name === name);
}

function rangeProblems({ name, limitRange }: Environment, { name: agent, values }: Demand) {
  const { requests, limits } = values.resources;
  const problems: { bound: string; message: string }[] = [];
  for (const [resource, max] of Object.entries(limitRange.max)) {
    const limit = limits[resource as keyof typeof limits] ?? limitRange.default[resource];
    if (limit === undefined || !exceeds(limit, max)) continue;
    const message = `the ${resource} limit of ${agent} (${limit}) is more than ${name} allows a container (${max})`;
    problems.push({ bound: "max", message });
  }
  for (const [resource, min] of Object.entries(limitRange.min)) {
    const request = requests[resource as keyof typeof requests];
    if (request === undefined || !exceeds(min, request)) continue;
    const message = `the ${resource} request of ${agent} (${request}) is less than ${name} allows a container (${min})`;
    problems.push({ bound: "min", message });
  }
  return problems;
}

/** A pod that drains counts against the quota until it is gone, so for a while there are two of each. */
const rolloutFactor = 2;

function quotaProblems(environment: Environment, demands: readonly Demand[]) {
  return Object.entries(environment.quota).flatMap(([resource, hard]) => {
    const total = demands
      .map(
        ({ values }) =>
          BigInt(values.replicas.max * rolloutFactor) * perPod(environment, values, resource),
      )
      .reduce((sum, one) => sum + one, 0n);
    if (total <= (parseQuantity(hard) ?? 0n)) return [];
    const who = demands
      .map(({ name, values }) => `${rolloutFactor} x ${values.replicas.max} of ${name}`)
      .join(", ");
    const message = `a rollout at full scale in ${environment.name} (${who}) needs more ${resource} than the quota (${hard}); lower "replicas.max" or raise the quota`;
    return [{ resource, message }];
  });
}

function perPod({ limitRange }: Environment, { resources }: Values, resource: string): bigint {
  if (resource === "pods") return parseQuantity("1") ?? 0n;
  const [kind, ...rest] = resource.split(".");
  const name = rest.join(".") as keyof typeof resources.requests;
  if (kind === "requests") return parseQuantity(resources.requests[name] ?? "0") ?? 0n;
  if (kind !== "limits") return 0n;
  return parseQuantity(resources.limits[name] ?? limitRange.default[name] ?? "0") ?? 0n;
}
