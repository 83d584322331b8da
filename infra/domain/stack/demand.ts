import { sortedEntries } from "../plain-map.ts";
import { parseQuantity } from "../quantity.ts";
import { type CompanionResources, companionResources, type Values } from "../values/values.ts";
import type { ContainerLimits } from "./environment.ts";

/** Requests and limits of one container, and where the values say them. */
export interface ContainerDemand {
  /** Such as `the sidecar proxy of fastapi-agent`. */
  readonly name: string;
  readonly resources: Pick<Values["resources"], "requests" | "limits">;
}

/** Every container that an agent starts, its Jobs' included. */
export function containerDemands(agent: string, values: Values): readonly ContainerDemand[] {
  const of = (what: string, companions: Readonly<Record<string, Companion>>) =>
    sortedEntries(companions).map(([name, { resources = companionResources }]) => ({
      name: `the ${what} ${name} of ${agent}`,
      resources,
    }));
  return [
    { name: agent, resources: values.resources },
    ...of("sidecar", values.sidecars),
    ...of("init container", values.initContainers),
    ...of("job", values.jobs),
  ];
}

type Companion = { readonly resources?: CompanionResources };

/**
 * What one pod of the agent counts for against a quota on `resource`, in billionths: the agent and
 * its sidecars together, or an init container and the sidecars, whichever is more.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podDemand(
  values: Values,
  resource: string,
  defaults: ContainerLimits["default"],
): bigint {
  const amounts = (companions: Readonly<Record<string, Companion>>) =>
    Object.values(companions).map(({ resources = companionResources }) =>
      amountOf(resources, resource, defaults),
    );
  const own = amountOf(values.resources, resource, defaults);
  const largest = [own, ...amounts(values.initContainers)].reduce((a, b) => (a > b ? a : b));
  return resource === "pods" ? own : largest + sum(amounts(values.sidecars));
}

/** What the agent's Jobs of one time count for together: they start at once. */
export function jobsDemand(
  values: Values,
  when: "before" | "after",
  resource: string,
  defaults: ContainerLimits["default"],
): bigint {
  const own = Object.values(values.jobs).filter((job) => job.when === when);
  return sum(
    own.map(({ resources = companionResources }) => amountOf(resources, resource, defaults)),
  );
}

function amountOf(
  { requests, limits }: ContainerDemand["resources"],
  resource: string,
  defaults: ContainerLimits["default"],
): bigint {
  if (resource === "pods") return parseQuantity("1") ?? 0n;
  const [kind, ...rest] = resource.split(".");
  const name = rest.join(".") as keyof typeof requests;
  if (kind === "requests") return parseQuantity(requests[name] ?? "0") ?? 0n;
  if (kind !== "limits") return 0n;
  return parseQuantity(limits[name] ?? defaults[name] ?? "0") ?? 0n;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
