import type { Problem } from "../errors.ts";
import { exceeds, parseQuantity } from "../quantity.ts";
import type { SourceDocument } from "../text/document.ts";
import type { Values } from "../values/values.ts";
import { containerDemands, jobsDemand, podDemand } from "./demand.ts";
import type { ContainerLimits, Environment } from "./environment.ts";

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
  const problems: { bound: string; message: string }[] = [];
  for (const { name: container, resources } of containerDemands(agent, values)) {
    const { requests, limits } = resources;
    for (const [resource, max] of Object.entries(limitRange.max)) {
      const limit = limits[resource as keyof typeof limits] ?? limitRange.default[resource];
      if (limit === undefined || !exceeds(limit, max)) continue;
      const message = `the ${resource} limit of ${container} (${limit}) is more than ${name} allows a container (${max})`;
      problems.push({ bound: "max", message });
    }
    for (const [resource, min] of Object.entries(limitRange.min)) {
      const request = requests[resource as keyof typeof requests];
      if (request === undefined || !exceeds(min, request)) continue;
      const message = `the ${resource} request of ${container} (${request}) is less than ${name} allows a container (${min})`;
      problems.push({ bound: "min", message });
    }
  }
  return problems;
}

/** A pod that drains counts against the quota until it is gone, so for a while there are two of each. */
const rolloutFactor = 2;

function quotaProblems({ name, quota, limitRange }: Environment, demands: readonly Demand[]) {
  return Object.entries(quota).flatMap(([resource, hard]) => {
    const total = demands
      .map(({ values }) => peak(values, resource, limitRange.default))
      .reduce((sum, one) => sum + one, 0n);
    if (total <= (parseQuantity(hard) ?? 0n)) return [];
    const who = demands.map(describe).join(", ");
    const message = `a rollout at full scale in ${name} (${who}) needs more ${resource} than the quota (${hard}); lower "replicas.max" or raise the quota`;
    return [{ resource, message }];
  });
}

/** Jobs before a rollout run beside the old pods, Jobs after it while old ones still drain. */
function peak(values: Values, resource: string, defaults: ContainerLimits["default"]): bigint {
  const scale = BigInt(values.replicas.max) * podDemand(values, resource, defaults);
  const before = scale + jobsDemand(values, "before", resource, defaults);
  const after = scale * BigInt(rolloutFactor) + jobsDemand(values, "after", resource, defaults);
  return before > after ? before : after;
}

function describe({ name, values }: Demand): string {
  const jobs = Object.keys(values.jobs).length;
  const beside = jobs === 0 ? "" : ` and its ${jobs === 1 ? "job" : `${jobs} jobs`}`;
  return `${rolloutFactor} x ${values.replicas.max} of ${name}${beside}`;
}
