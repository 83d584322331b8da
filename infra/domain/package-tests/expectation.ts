import { canonicalJson } from "../canonical.ts";
import { isPlainMap } from "../plain-map.ts";
import { readPath, valueAt } from "../plain-path.ts";
import type { Violation } from "../text/check.ts";
import type { Path } from "../text/document.ts";
import { closed, type Schema } from "../text/schema.ts";

/** What one value has to be. Exactly one of `equals`, `contains` and `exists` says it. */
export interface Expectation {
  /**
   * Steps with dots between them: keys, indices of items, or their `name`. A step with dots of its
   * own stands in brackets: `metadata.labels[app.kubernetes.io/name]`. @default the whole
   */
  readonly path?: string;
  /** The very same value; the order of keys is free. */
  readonly equals?: unknown;
  /** Part of a text, an item of a list, or keys of a map. An item or key may be given in part too. */
  readonly contains?: unknown;
  /** Whether there is anything at all. */
  readonly exists?: boolean;
}

const ways = ["equals", "contains", "exists"] as const;

/** Keys of the schema of an expectation. */
export const expectationShape: Readonly<Record<string, Schema>> = {
  path: { type: "string", minLength: 1 },
  equals: {},
  contains: {},
  exists: { type: "boolean" },
};

/** The shape of an expectation. */
export const expectationSchema: Schema = closed(expectationShape, []);

/** What is wrong with an expectation of the right shape, at its place in a file. */
export function expectationProblems(expected: Expectation, path: Path): readonly Violation[] {
  const said = ways.filter((way) => Object.hasOwn(expected, way));
  if (said.length === 1) return [];
  return [{ path, message: `exactly one of ${ways.join(", ")} must be there` }];
}

/** What is not as it should be, in words, or undefined. */
export function mismatch(expected: Expectation, data: unknown): string | undefined {
  const { path = "" } = expected;
  const found = valueAt(data, readPath(path));
  if (fits(expected, found)) return undefined;
  return `expected ${path && `${path} `}${wanted(expected)}, found ${shown(found)}`;
}

function fits(expected: Expectation, found: unknown): boolean {
  if (expected.exists !== undefined) return (found !== undefined) === expected.exists;
  if (Object.hasOwn(expected, "equals")) return same(expected.equals, found);
  return includes(found, expected.contains);
}

/** Whether a value has another one in it: a text a text, a list an item, a map keys. */
function includes(whole: unknown, part: unknown): boolean {
  if (typeof whole === "string") return typeof part === "string" && whole.includes(part);
  if (Array.isArray(whole)) return whole.some((item) => same(part, item) || covers(item, part));
  return covers(whole, part);
}

/** Whether a map has every key of another one, with values that have those of the other in them. */
function covers(whole: unknown, part: unknown): boolean {
  if (!isPlainMap(whole) || !isPlainMap(part)) return false;
  return Object.entries(part).every(([key, inner]) => {
    const own = Object.hasOwn(whole, key) ? whole[key] : undefined;
    return same(inner, own) || covers(own, inner);
  });
}

function same(a: unknown, b: unknown): boolean {
  return b !== undefined && canonicalJson(a) === canonicalJson(b);
}

function wanted({ equals, contains, exists }: Expectation): string {
  if (exists !== undefined) return exists ? "to be there" : "not to be there";
  return contains !== undefined ? `to contain ${shown(contains)}` : `to be ${shown(equals)}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}...`;
}
