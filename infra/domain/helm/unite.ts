import { canonicalJson } from "../canonical.ts";
import { isPlainMap } from "../plain-map.ts";
import type { Path } from "../text/document.ts";
import { isAction, type Node } from "./template.ts";

/**
 * One template for both of two objects of different environments. A part that only one of them has
 * is in the result when an action decides about it.
 *
 * @param conflict is called with each path at which they differ without such an action.
 */
export function unite(a: Node, b: Node, conflict: (path: Path) => void, path: Path = []): Node {
  if (isAction(a) && isAction(b) && a["{{"] === "control" && b["{{"] === "control") {
    if (a.head !== b.head) conflict(path);
    else if (a.body === null) return b;
    else if (b.body !== null) return { ...a, body: unite(a.body, b.body, conflict, path) };
    return a;
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.map((item, index) => unite(item, b[index], conflict, [...path, index]));
  }
  if (isPlainMap(a) && isPlainMap(b) && !isAction(a) && !isAction(b)) {
    return uniteMaps(a as NodeMap, b as NodeMap, conflict, path);
  }
  if (canonicalJson(a) !== canonicalJson(b)) conflict(path);
  return a;
}

type NodeMap = { readonly [key: string]: Node };

function uniteMaps(a: NodeMap, b: NodeMap, conflict: (path: Path) => void, path: Path): Node {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  const united = [...keys].map((key) => {
    const [left, right] = [a[key], b[key]];
    const place = [...path, key];
    if (left !== undefined && right !== undefined) {
      return [key, unite(left, right, conflict, place)] as const;
    }
    conflict(place);
    return [key, left ?? right ?? null] as const;
  });
  return Object.fromEntries(united);
}
