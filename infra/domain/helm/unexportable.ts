import { isPlainMap } from "../plain-map.ts";
import { renderYaml } from "../render/yaml.ts";
import type { Subject } from "./subject.ts";

/**
 * Characters that Helm does not give back: control characters, which its `toYaml` drops or fails
 * at, a byte order mark, which it cuts off, and two line breaks, which its JSON escapes and
 * JavaScript's does not, so that a name computed from the text would be another one.
 */
const unexportable = /[^\P{Cc}\t\n\r]|[\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** What of an agent a chart cannot hold, in words. */
export function unexportableTexts({ agent, environment }: Subject): readonly string[] {
  const { name, package: pkg, values, behaviour } = agent;
  const found = [...pathsOf({ ...values, package: pkg, behaviour }, [])];
  const isName = renderYaml(name).trim() === name;
  return [
    ...found.map((path) => `${path} in ${environment.name}: a character that Helm changes`),
    ...(isName ? [] : [`the name "${name}": Helm takes it for something else than text`]),
  ];
}

function* pathsOf(value: unknown, path: readonly string[]): Generator<string> {
  if (typeof value === "string") {
    if (unexportable.test(value)) yield path.join(".");
  } else if (Array.isArray(value) || isPlainMap(value)) {
    for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, key]);
  }
}
