import compareVersions from "semver/functions/compare.js";
import { lineageKey, objectKey, objectTitle } from "../live/object-key.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { isPlainMap } from "../plain-map.ts";
import { valueAt } from "../plain-path.ts";
import { replacedFields } from "./immutable-fields.ts";

/** Something in a change that deserves a second look. */
export interface Risk {
  readonly tag:
    | "delete"
    | "replacement"
    | "selector-change"
    | "image-downgrade"
    | "replica-jump"
    | "secret-removal";
  /** Such as `Deployment fastapi-agent`. */
  readonly object: string;
  readonly detail: string;
}

type Objects = readonly KubernetesObject[];

/**
 * Factor from which a change of the number of pods is told. A rollout of twice as many no longer
 * fits into a quota that was made for the first.
 */
const jump = 2;

/**
 * What is risky about turning the objects of a stack into others. ConfigMaps and Secrets that are
 * named by their content are compared with those that take their place.
 */
export function objectRisks(before: Objects, after: Objects): readonly Risk[] {
  const byKey = new Map(after.map((object) => [objectKey(object), object]));
  const byLineage = new Map(after.map((object) => [lineageKey(object), object]));
  return before.flatMap((old): readonly Risk[] => {
    const same = byKey.get(objectKey(old));
    const lineage = lineageKey(old);
    const heir = same ?? (lineage === undefined ? undefined : byLineage.get(lineage));
    const object = objectTitle(old);
    if (heir === undefined) {
      return [{ tag: "delete", object, detail: "is deleted" }, ...secretRemovals(old, undefined)];
    }
    const replaced = same === undefined ? [] : replacements(old, same);
    return [...replaced, ...secretRemovals(old, heir), ...replicaJumps(old, heir)];
  });
}

/** The risk of running an older version than before. */
export function versionRisks(agent: string, before: string, after: string): readonly Risk[] {
  if (compareVersions(after, before) >= 0) return [];
  const detail = `version goes back from ${before} to ${after}`;
  return [{ tag: "image-downgrade", object: agent, detail }];
}

function replacements(before: KubernetesObject, after: KubernetesObject): readonly Risk[] {
  const object = objectTitle(before);
  return replacedFields(before, after).map((field) => ({
    tag: field === "spec.selector" ? "selector-change" : "replacement",
    object,
    detail: `${field} cannot be changed: the object is deleted and made again`,
  }));
}

function secretRemovals(
  before: KubernetesObject,
  after: KubernetesObject | undefined,
): readonly Risk[] {
  if (before.kind !== "Secret" || !isPlainMap(before.data)) return [];
  const left = isPlainMap(after?.data) ? after.data : {};
  return Object.keys(before.data)
    .filter((key) => !Object.hasOwn(left, key))
    .map((key) => ({
      tag: "secret-removal",
      object: objectTitle(before),
      detail: `${key} is gone`,
    }));
}

const replicaFields = ["spec.replicas", "spec.minReplicas", "spec.maxReplicas"];

function replicaJumps(before: KubernetesObject, after: KubernetesObject): readonly Risk[] {
  return replicaFields.flatMap((field): readonly Risk[] => {
    const [old, now] = [before, after].map((object) => valueAt(object, field.split(".")));
    if (typeof old !== "number" || typeof now !== "number") return [];
    if (now === old || Math.max(now, old) < jump * Math.min(now, old)) return [];
    const detail = `${field} goes from ${old} to ${now}`;
    return [{ tag: "replica-jump", object: objectTitle(before), detail }];
  });
}
