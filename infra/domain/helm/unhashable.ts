import { isPlainMap } from "../plain-map.ts";
import type { Subject } from "./subject.ts";

/**
 * Texts whose JSON is not the same in Go: it escapes two line breaks that JavaScript leaves as they
 * are, so the name that Helm computes from the content would be another one. A byte order mark at
 * the start of a file is cut off when Helm reads it.
 *
 * @returns what is wrong, one line for each text.
 */
export function unhashableTexts({ agent, environment }: Subject): readonly string[] {
  const { config, files, jobs } = agent.values;
  const found = Object.entries({ config, files, jobs, behaviour: agent.behaviour }).flatMap(
    ([key, value]) => [...breaks(value, [key])],
  );
  return found.map(
    (path) =>
      `${environment.name}: "${path}" holds a character (U+2028, U+2029 or U+FEFF) that Helm changes`,
  );
}

function* breaks(value: unknown, path: readonly string[]): Generator<string> {
  if (typeof value === "string") {
    if (/[\u2028\u2029\ufeff]/.test(value)) yield path.join(".");
  } else if (Array.isArray(value) || isPlainMap(value)) {
    for (const [key, inner] of Object.entries(value)) yield* breaks(inner, [...path, key]);
  }
}
