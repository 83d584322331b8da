import { canonicalJson } from "../canonical.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import type { Path } from "../text/document.ts";
import { type Collected, collect } from "./chart-values.ts";
import type { Hole } from "./holes.ts";
import { type Action, block, control, inline, type Node, reference } from "./template.ts";

/**
 * Puts an action where a hole is and the field's value among the values. A field that is not as the
 * hole expects, because a patch made it so, stays in the template as it is.
 */
export function withHole(node: Node, object: PlainMap, hole: Hole, values: Collected): Node {
  const { at, value, kind } = hole;
  const found = valueAt(object, at);
  const canBeFilled =
    found === undefined
      ? kind.endsWith("?") && isPlainMap(valueAt(object, at.slice(0, -1)))
      : fits(found, kind);
  if (!canBeFilled) return node;
  if (!collect(values, value, found ?? emptyValues[kind])) return node;
  return replaceAt(node, at, actionOf(hole));
}

/** What is at a path in plain data. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Readonly<Record<string | number, unknown>> | undefined)?.[key],
    value,
  );
}

/** A copy with another part at a path whose parent is there. */
export function replaceAt(node: Node, path: Path, part: Node): Node {
  const [key, ...rest] = path;
  if (key === undefined) return part;
  if (Array.isArray(node)) {
    return node.map((item, index) => (index === key ? replaceAt(item, rest, part) : item));
  }
  const map = node as { readonly [key: string]: Node };
  return { ...map, [key]: replaceAt(map[key] ?? null, rest, part) };
}

/** What a value is when its field is absent. */
const emptyValues: Readonly<Record<string, unknown>> = {
  "number?": 0,
  "text?": "",
  "list?": [],
  "map?": {},
};

function fits(value: unknown, kind: Hole["kind"]): boolean {
  // An empty field would be taken for an absent one.
  if (canonicalJson(value) === canonicalJson(emptyValues[kind])) return false;
  switch (kind.replace("?", "")) {
    case "number":
      return Number.isSafeInteger(value);
    case "text":
      return typeof value === "string";
    case "list":
      return Array.isArray(value);
    default:
      return isPlainMap(value);
  }
}

function actionOf({ value, kind }: Hole): Action {
  const name = reference(...value);
  switch (kind) {
    // Helm reads every number as a floating-point one, and prints a million as 1e+06.
    case "number":
      return inline(`${name} | int`);
    case "number?":
      return control(`with ${name}`, inline(". | int"));
    case "text":
      return inline(`${name} | quote`);
    case "text?":
      return control(`with ${name}`, inline(". | quote"));
    case "list":
    case "map":
      return block(`toYaml ${name}`);
    case "list?":
    case "map?":
      return control(`with ${name}`, block("toYaml ."));
  }
}
