import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { valueAt } from "../plain-path.ts";

/**
 * Rules read objects that a patch may have bent out of shape, so nothing here trusts them: what is
 * of another kind than asked for counts as absent.
 */

/** The value at a dotted path, or undefined. */
export function at(data: unknown, path: string): unknown {
  return valueAt(data, path.split("."));
}

/** The text at a dotted path, or "". */
export function textAt(data: unknown, path: string): string {
  const value = at(data, path);
  return typeof value === "string" ? value : "";
}

/** The map at a dotted path, or an empty one. */
export function mapAt(data: unknown, path: string): PlainMap {
  const value = at(data, path);
  return isPlainMap(value) ? value : {};
}

/** The items of the list at a dotted path that are maps. */
export function mapsAt(data: unknown, path: string): readonly PlainMap[] {
  return listAt(data, path).filter(isPlainMap);
}

/** The items of the list at a dotted path. */
export function listAt(data: unknown, path: string): readonly unknown[] {
  const value = at(data, path);
  return Array.isArray(value) ? value : [];
}

/** Whether labels have everything that a selector's `matchLabels` asks for. Nothing asked selects nothing. */
export function selects(matchLabels: PlainMap, labels: PlainMap): boolean {
  const wanted = Object.entries(matchLabels);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
