import { canonicalJson } from "../canonical.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";

/** Values that are being collected from an agent's objects. */
export type Collected = Record<string, unknown>;

/** Puts a value where there is none yet. False when another one is there already. */
export function collect(values: Collected, path: readonly string[], value: unknown): boolean {
  const [key = "", ...rest] = path;
  const present = values[key];
  if (rest.length > 0) {
    if (!isPlainMap(present)) values[key] = {};
    return collect(values[key] as Collected, rest, value);
  }
  if (present !== undefined) return canonicalJson(present) === canonicalJson(value);
  values[key] = value;
  return true;
}

/**
 * The layer that makes `upper` of `lower`: what is the same is left out, and `null` removes. Helm
 * merges a values file over a chart's values just so.
 */
export function difference(lower: PlainMap, upper: PlainMap): PlainMap {
  const removed = Object.keys(lower)
    .filter((key) => !Object.hasOwn(upper, key))
    .map((key) => [key, null] as const);
  const changed = Object.entries(upper).flatMap(([key, value]) => {
    const below = lower[key];
    if (below !== undefined && canonicalJson(below) === canonicalJson(value)) return [];
    return [
      [key, isPlainMap(below) && isPlainMap(value) ? difference(below, value) : value] as const,
    ];
  });
  return Object.fromEntries([...changed, ...removed]);
}
