import { isPlainMap } from "./plain-map.ts";

/**
 * The key by which the items of a list are told apart, as Kubernetes does it for containers,
 * volumes, variables and mounts: one that every item has, each another. Undefined for other lists
 * and for empty ones.
 */
export function listKey(items: readonly unknown[]): "mountPath" | "name" | undefined {
  // Two mounts of one volume have the same name.
  return (["mountPath", "name"] as const).find((key) => {
    const names = items.map((item) => (isPlainMap(item) ? item[key] : undefined));
    const areNames = names.length > 0 && names.every((name) => typeof name === "string");
    return areNames && new Set(names).size === names.length;
  });
}

/** Index of the item of a list that has this name, or -1. */
export function indexOfItem(items: readonly unknown[], key: string, name: unknown): number {
  return items.findIndex((item) => isPlainMap(item) && item[key] === name);
}
