import type { ReleasedAgent } from "../../manifests/input.ts";
import { whenAnnotation } from "../../manifests/job.ts";
import { instanceLabel, stackLabel } from "../../manifests/labels.ts";
import { unpatchedObjects } from "../../manifests/manifests.ts";
import type { KubernetesObject } from "../../manifests/object.ts";
import { patchName, targets } from "../../manifests/patch.ts";
import type { Package } from "../../package/package.ts";
import { isPlainMap } from "../../plain-map.ts";
import type { Environment } from "../../stack/environment.ts";
import type { Violation } from "../../text/check.ts";
import type { Path } from "../../text/document.ts";
import { didYouMean } from "../../text/nearest.ts";
import type { Patch, Values } from "../values.ts";

/** Patches that are for no object, for several, or for what tells whose an object is. */
export function patchProblems(values: Values, pkg: Package): readonly Violation[] {
  if (values.patches.length === 0) return [];
  const objects = sketch(values, pkg);
  return values.patches.flatMap((patch, index) => {
    const path = ["patches", index];
    const wrong = targetProblem(objects, patch);
    if (wrong !== undefined) return [{ path, message: wrong }];
    return protectedPaths(patch.kind)
      .filter((field) => touches(patch.patch, field))
      .map((field) => ({
        path: [...path, "patch", ...field],
        message: `a patch must not change ${field.join(".")} of a ${patch.kind}${reasonFor(field)}`,
      }));
  });
}

/**
 * The agent's objects as far as patches need them: kinds and names depend on neither the
 * environment, the release nor the secrets.
 */
function sketch(values: Values, pkg: Package): readonly KubernetesObject[] {
  const { name, version } = pkg;
  const release = { version, image: "" };
  const agent: ReleasedAgent = { name, package: pkg, values, release, behaviour: {}, secrets: {} };
  const behaviour = pkg.prompts ?? pkg.model ?? pkg.tools;
  return unpatchedObjects(
    { name: "", namespace: "" } as Environment,
    behaviour === undefined ? agent : { ...agent, behaviour: { [behaviour]: "" } },
    { config: () => "0", secret: () => "0" },
  );
}

function targetProblem(objects: readonly KubernetesObject[], patch: Patch): string | undefined {
  const { kind, name } = patch;
  const kinds = [...new Set(objects.map((object) => object.kind))].filter(
    (one) => one !== "Secret",
  );
  if (kind === "Secret") return "a patch must not change a Secret: its data would stand in a file";
  if (!kinds.includes(kind)) {
    const hint = didYouMean(kind, kinds) || `; it has ${kinds.join(", ")}`;
    return `the agent has no ${kind}${hint}`;
  }
  const found = targets(objects, patch).length;
  if (found === 1) return undefined;
  const names = objects.filter((object) => object.kind === kind).map(patchName);
  return found === 0
    ? `the agent has no ${kind} "${name}"; there is ${names.join(", ")}`
    : `the agent has several of kind ${kind}; set "name" to one of ${names.join(", ")}`;
}

/** Labels by which the stack finds its objects, and selectors find their pods. */
const ownership = [
  instanceLabel,
  stackLabel,
  "app.kubernetes.io/name",
  "app.kubernetes.io/managed-by",
];

function protectedPaths(kind: string): readonly Path[] {
  return [
    ["apiVersion"],
    ["kind"],
    ["metadata", "name"],
    ["metadata", "namespace"],
    ["metadata", "annotations", whenAnnotation],
    ["spec", "selector"],
    ["spec", "podSelector"],
    ...ownership.flatMap((label) => [
      ["metadata", "labels", label],
      ["spec", "template", "metadata", "labels", label],
    ]),
    ...(kind === "ConfigMap" ? [["data"], ["binaryData"], ["immutable"]] : []),
  ];
}

function reasonFor([first]: Path): string {
  return first === "data" || first === "binaryData"
    ? `: its name is a hash of its content; use "config" or "files"`
    : "";
}

/** Whether a patch says something at a path, or removes or replaces what is above it. */
function touches(patch: unknown, [key, ...rest]: Path): boolean {
  if (key === undefined) return true;
  if (!isPlainMap(patch)) return true;
  return Object.hasOwn(patch, key) && touches(patch[key], rest);
}
