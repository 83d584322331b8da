import { isPlainMap } from "./plain-map.ts";

/**
 * What stands at a path of plain data, or undefined. A step is a key, the index of a list's item, or
 * the `name` of one: `containers`, `agent`, `image`.
 */
export function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce(stepInto, data);
}

function stepInto(data: unknown, step: string): unknown {
  if (isPlainMap(data)) return Object.hasOwn(data, step) ? data[step] : undefined;
  if (!Array.isArray(data)) return undefined;
  const named = data.find((item) => isPlainMap(item) && item.name === step);
  return named ?? (/^\d+$/.test(step) ? data[Number(step)] : undefined);
}

/**
 * Splits `a.b.c` into its steps; a step with a dot or a slash in it is written in brackets:
 * `metadata.labels[app.kubernetes.io/name]`.
 */
export function readPath(text: string): readonly string[] {
  const steps = text.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g);
  return [...steps].map(([, bracketed, plain]) => bracketed ?? plain ?? "");
}
