import type { Problem } from "../errors.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { readDocument, type SourceDocument } from "../text/document.ts";

/** The name that problems of `--set` carry in place of a file. */
export const overridesFile = "--set";

/**
 * Reads `--set key.path=value` arguments as one more layer. Values are YAML, so `3` is a number and
 * `null` removes what is inherited; under `config` every value but `null` is text.
 */
export function readOverrides(assignments: readonly string[]): SourceDocument {
  const problems: Problem[] = [];
  let value: PlainMap = {};
  for (const assignment of assignments) {
    const one = readAssignment(assignment);
    if (typeof one === "string") problems.push({ file: overridesFile, message: one });
    else value = overlay(value, one);
  }
  return {
    file: overridesFile,
    value: problems.length === 0 ? value : undefined,
    problems,
    problemAt: (_path, message) => ({ file: overridesFile, message }),
    has: (path) => path.reduce<unknown>(step, value) !== undefined,
  };
}

interface Assignment {
  readonly path: readonly string[];
  readonly value: unknown;
}

function readAssignment(text: string): Assignment | string {
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(equals, 0)).split(".");
  // The text may hold a secret that was meant for the env file, so it is not repeated.
  if (path.some((key) => key === "")) return "expected key.path=value";
  const value = text.slice(equals + 1);
  if (value === "null") return { path, value: null };
  if (value === "" || path[0] === "config") return { path, value };
  const document = readDocument(overridesFile, value);
  if (document.problems.length === 0) return { path, value: document.value };
  return `the value of "${path.join(".")}" is not valid YAML; put quotes around it`;
}

function overlay(layer: PlainMap, { path, value }: Assignment): PlainMap {
  const [first, ...rest] = path as [string, ...string[]];
  // `null` must survive in the layer, where merging two layers would drop it.
  if (rest.length === 0) return { ...layer, [first]: value };
  const inner = step(layer, first);
  return { ...layer, [first]: overlay(isPlainMap(inner) ? inner : {}, { path: rest, value }) };
}

function step(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as PlainMap)[key]
    : undefined;
}
