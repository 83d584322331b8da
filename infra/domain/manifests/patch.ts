import { indexOfItem, listKey } from "../named-list.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import type { Patch } from "../values/values.ts";
import type { KubernetesObject } from "./object.ts";

/** Annotation on every object that a patch changed, with the reason. */
export const patchedAnnotation = "slipway.dev/patched";

/** Lays each patch over the object that it is for, and marks that object with the reason. */
export function applyPatches(
  objects: readonly KubernetesObject[],
  patches: readonly Patch[],
): readonly KubernetesObject[] {
  return objects.map((object) =>
    patches.filter((patch) => targets(objects, patch).includes(object)).reduce(applyPatch, object),
  );
}

/** The objects that a patch is for: exactly one, or the patch is wrong. */
export function targets(
  objects: readonly KubernetesObject[],
  { kind, name }: Patch,
): readonly KubernetesObject[] {
  const candidates = objects.filter((object) => object.kind === kind);
  if (name !== undefined) return candidates.filter((object) => patchName(object) === name);
  const [first] = candidates;
  const agent = first?.metadata.labels["app.kubernetes.io/instance"];
  const own = candidates.filter((object) => patchName(object) === agent);
  return own.length > 0 ? own : candidates;
}

/** The name by which a patch knows an object: without the hash of its content. */
export function patchName({ kind, metadata }: KubernetesObject): string {
  const isHashed = kind === "ConfigMap" || kind === "Secret";
  return isHashed ? metadata.name.replace(/-[0-9a-f]+$/, "") : metadata.name;
}

/**
 * Lays a patch over an object: maps merge, `null` removes, lists of named items merge by name,
 * other lists are replaced. The reason is kept in an annotation, so that every diff shows it.
 */
export function applyPatch(object: KubernetesObject, { patch, reason }: Patch): KubernetesObject {
  const patched = mergeMap(object as PlainMap, patch) as unknown as KubernetesObject;
  const { annotations = {} } = patched.metadata;
  const reasons = [annotations[patchedAnnotation], reason].filter(Boolean).join("; ");
  const metadata = {
    ...patched.metadata,
    annotations: { ...annotations, [patchedAnnotation]: reasons },
  };
  return { ...patched, metadata };
}

function mergeMap(below: PlainMap, patch: PlainMap): PlainMap {
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, merge(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function merge(below: unknown, value: unknown): unknown {
  if (isPlainMap(value)) return mergeMap(isPlainMap(below) ? below : {}, value);
  if (Array.isArray(value) && Array.isArray(below)) return mergeList(below, value);
  return value;
}

function mergeList(below: readonly unknown[], items: readonly unknown[]): readonly unknown[] {
  const key = listKey(items);
  if (key === undefined || listKey(below) !== key) return items;
  const changes = items as readonly PlainMap[];
  const changed = (below as readonly PlainMap[]).map((item) => {
    const index = indexOfItem(changes, key, item[key]);
    return index < 0 ? item : merge(item, changes[index]);
  });
  const added = changes.filter((item) => indexOfItem(below, key, item[key]) < 0);
  return [...changed, ...added.map((item) => merge(undefined, item))];
}
