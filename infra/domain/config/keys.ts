import { isPlainMap } from "../plain-map.ts";
import type { Path } from "../text/document.ts";
import type { Schema } from "../text/schema.ts";

/**
 * The places in several trees where a value stands that is no map, by their dotted names in the
 * order of the alphabet. An empty map counts only where no tree has anything in it.
 */
export function leaves(trees: readonly unknown[]): ReadonlyMap<string, Path> {
  const found = new Map<string, Path>();
  const parents = new Set<string>();
  const walk = (value: unknown, path: Path): void => {
    const entries = isPlainMap(value) ? Object.entries(value) : [];
    if (entries.length === 0) found.set(path.join("."), path);
    else parents.add(path.join("."));
    for (const [key, inner] of entries) walk(inner, [...path, key]);
  };
  for (const tree of trees) walk(tree, []);
  const own = [...found].filter(([name]) => name !== "" && !parents.has(name));
  return new Map(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a tree says at a place: null also where it removes a map around it, undefined for nothing. */
export function lookUp(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const key of path) {
    if (value === null) return null;
    value = isPlainMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** The dotted names of all keys that a schema names, maps and what is in them. */
export function declaredKeys({ properties = {} }: Schema, parent = ""): readonly string[] {
  return Object.entries(properties).flatMap(([key, child]) => [
    `${parent}${key}`,
    ...declaredKeys(child, `${parent}${key}.`),
  ]);
}
