import type { Package } from "../package/package.ts";
import type { Violation } from "../text/check.ts";
import { containerProblems } from "./rules/containers.ts";
import { exposureProblems } from "./rules/exposure.ts";
import { mountProblems } from "./rules/mounts.ts";
import { patchProblems } from "./rules/patches.ts";
import { resourceProblems } from "./rules/resources.ts";
import { settingProblems } from "./rules/settings.ts";
import { timingProblems } from "./rules/timing.ts";
import type { Values } from "./values.ts";

/** What is wrong with values that have the right shape but contradict themselves or the package. */
export function contradictions(values: Values, pkg: Package): readonly Violation[] {
  return [
    ...replicaProblems(values),
    ...resourceProblems(values),
    ...timingProblems(values, pkg),
    ...exposureProblems(values, pkg),
    ...settingProblems(values, pkg),
    ...mountProblems(values),
    ...containerProblems(values, pkg),
    ...patchProblems(values, pkg),
  ];
}

function replicaProblems({ replicas }: Values): readonly Violation[] {
  if (replicas.max > replicas.min) return [];
  const message = `"replicas.max" (${replicas.max}) must be more than "replicas.min" (${replicas.min}), or the autoscaler has no room`;
  return [{ path: ["replicas", "max"], message }];
}
