import { sortedEntries } from "../../plain-map.ts";
import { exceeds, parseQuantity } from "../../quantity.ts";
import type { Violation } from "../../text/check.ts";
import type { Path } from "../../text/document.ts";
import { companionResources, type Resources, type Values } from "../values.ts";

/** Requests above their limits, in any container, and scratch space above its own. */
export function resourceProblems(values: Values): readonly Violation[] {
  const companions = (["sidecars", "initContainers", "jobs"] as const).flatMap((group) =>
    sortedEntries(values[group]).flatMap(([name, { resources = companionResources }]) =>
      limitProblems([group, name, "resources"], resources),
    ),
  );
  return [
    ...limitProblems(["resources"], values.resources),
    ...companions,
    ...scratchProblems(values),
  ];
}

function limitProblems(
  path: Path,
  { requests, limits }: Pick<Resources, "requests" | "limits">,
): readonly Violation[] {
  return (["cpu", "memory", "ephemeral-storage"] as const).flatMap((name) => {
    const limit = limits[name];
    if (limit === undefined || !exceeds(requests[name], limit)) return [];
    const place = [...path, "requests", name];
    const message = `"${place.join(".")}" (${requests[name]}) is more than the limit (${limit})`;
    return [{ path: place, message }];
  });
}

/** The kubelet evicts a pod whose logs and volumes of memory or disk are more than the limit. */
function scratchProblems({ resources, volumes }: Values): readonly Violation[] {
  const { tmp, limits } = resources;
  const limit = limits["ephemeral-storage"];
  const sized = sortedEntries(volumes).filter(([, { size }]) => size !== undefined);
  const amounts = [tmp, ...sized.map(([, { size = "0" }]) => size)];
  const total = amounts.reduce((sum, amount) => sum + (parseQuantity(amount) ?? 0n), 0n);
  if (total < (parseQuantity(limit) ?? 0n)) return [];
  const [last] = sized.at(-1) ?? [];
  const what = [`"resources.tmp"`, ...sized.map(([name]) => `"volumes.${name}"`)].join(" and ");
  const message = `${what} (${amounts.join(" + ")}) must be less than the limit on ephemeral-storage (${limit}), which also holds logs`;
  return [{ path: last === undefined ? ["resources", "tmp"] : ["volumes", last, "size"], message }];
}
