import { isPlainMap, type PlainMap } from "../plain-map.ts";
import type { Violation } from "../text/check.ts";
import type { Path } from "../text/document.ts";
import { nearest } from "../text/nearest.ts";
import { type JsonSchema, keywords, subschemas } from "./json-schema.ts";
import { compilePattern } from "./pattern.ts";
import { resolveReference } from "./reference.ts";

type Kind = (typeof keywords)[keyof typeof keywords];

/** The dialect that is understood. */
export const dialect = "https://json-schema.org/draft/2020-12/schema";

const types = new Set(["array", "boolean", "integer", "null", "number", "object", "string"]);

const isTexts = (value: unknown) =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** What a keyword of each kind has to be, in words and as a test. */
const rules: Readonly<Record<Kind, { readonly is: string; test: (value: unknown) => boolean }>> = {
  anything: { is: "anything", test: () => true },
  boolean: { is: "true or false", test: (value) => typeof value === "boolean" },
  count: { is: "a whole number", test: (value) => Number.isInteger(value) && Number(value) >= 0 },
  dialect: { is: dialect, test: (value) => String(value).replace(/#$/, "") === dialect },
  divisor: { is: "a number above 0", test: (value) => Number.isFinite(value) && Number(value) > 0 },
  identity: { is: "text", test: (value) => typeof value === "string" },
  list: { is: "a list", test: Array.isArray },
  number: { is: "a number", test: Number.isFinite },
  pattern: { is: "text", test: (value) => typeof value === "string" },
  reference: { is: "text", test: (value) => typeof value === "string" },
  schema: { is: "a schema", test: isSchema },
  schemaMap: {
    is: "a map of schemas",
    test: (value) => isPlainMap(value) && Object.values(value).every(isSchema),
  },
  schemas: {
    is: "a list of schemas, and not empty",
    test: (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema),
  },
  text: { is: "text", test: (value) => typeof value === "string" },
  texts: { is: "a list of texts", test: isTexts },
  textsMap: {
    is: "a map of lists of texts",
    test: (value) => isPlainMap(value) && Object.values(value).every(isTexts),
  },
  type: {
    is: `one of ${[...types].join(", ")}, or a list of them`,
    test: (value) => {
      const names = [value].flat();
      return names.length > 0 && names.every((name) => types.has(String(name)));
    },
  },
};

function isSchema(value: unknown): boolean {
  return typeof value === "boolean" || isPlainMap(value);
}

/**
 * What is wrong with a schema as such: keywords of the wrong kind or misspelt, patterns that are
 * none, references that lead out of the file or nowhere. A schema that passes can be evaluated.
 */
export function schemaProblems(root: unknown): readonly Violation[] {
  if (!isSchema(root)) return [{ path: [], message: "a schema must be a map of keywords" }];
  return [...walk(root as JsonSchema, root, [], new Set(schemasIn(root)))];
}

/** Every schema in another one. Only these are checked, so only these may be referred to. */
function* schemasIn(schema: unknown): Generator<unknown> {
  yield schema;
  if (!isPlainMap(schema)) return;
  for (const { schema: inner } of subschemas(schema)) yield* schemasIn(inner);
}

function* walk(
  root: JsonSchema,
  schema: unknown,
  path: Path,
  targets: ReadonlySet<unknown>,
): Generator<Violation> {
  if (!isPlainMap(schema)) return;
  const misfits = Object.entries(schema).flatMap(([keyword, value]) => {
    const message = keywordProblem(root, keyword, value, path, targets);
    return message === undefined ? [] : [{ path: [...path, keyword], message }];
  });
  yield* misfits;
  yield* patternKeyProblems(schema, path);
  for (const { path: step, schema: inner } of subschemas(schema)) {
    yield* walk(root, inner, [...path, ...step], targets);
  }
}

function keywordProblem(
  root: JsonSchema,
  keyword: string,
  value: unknown,
  path: Path,
  targets: ReadonlySet<unknown>,
): string | undefined {
  if (!Object.hasOwn(keywords, keyword)) {
    const meant = nearest(keyword, Object.keys(keywords));
    return meant === undefined
      ? undefined
      : `unknown keyword "${keyword}"; did you mean "${meant}"?`;
  }
  const kind = keywords[keyword as keyof typeof keywords];
  if (!rules[kind].test(value)) return `"${keyword}" must be ${rules[kind].is}`;
  const unfit = kind === "pattern" ? compilePattern(String(value)) : undefined;
  if (typeof unfit === "string") return `"${keyword}" ${unfit}`;
  if (kind === "identity" && path.length > 0)
    return `"${keyword}" is understood at the top of the file only`;
  if (kind === "reference" && !targets.has(resolveReference(root, String(value))))
    return `"${keyword}" must lead to a schema in this file, such as #/$defs/name; no other file or address is read`;
  return undefined;
}

function* patternKeyProblems({ patternProperties }: PlainMap, path: Path): Generator<Violation> {
  if (!isPlainMap(patternProperties)) return;
  for (const key of Object.keys(patternProperties)) {
    const unfit = compilePattern(key);
    if (typeof unfit !== "string") continue;
    yield { path: [...path, "patternProperties", key], message: `the key ${unfit}` };
  }
}
