/** Plain data with keys, as YAML and JSON have it. */
export type PlainMap = { readonly [key: string]: unknown };

/** Whether a value is a map of keys, not a list and not null. */
export function isPlainMap(value: unknown): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of a map in the order of their keys, by code unit. */
export function sortedEntries<T>(
  map: Readonly<Record<string, T>>,
): readonly (readonly [string, T])[] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
