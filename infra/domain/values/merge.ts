import { isPlainMap, type PlainMap } from "../plain-map.ts";

/**
 * Lays `upper` over `lower`: maps merge key by key, anything else replaces what was below, and
 * `null` removes it. Neither argument is changed.
 */
export function mergeLayer(lower: PlainMap, upper: PlainMap): PlainMap {
  const merged = new Map(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) {
    const below = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isPlainMap(value)) merged.set(key, mergeLayer(isPlainMap(below) ? below : {}, value));
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}
