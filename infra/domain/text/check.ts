import type { Problem } from "../errors.ts";
import type { Path, SourceDocument } from "./document.ts";
import { didYouMean } from "./nearest.ts";
import type { Schema } from "./schema.ts";

/** Something in plain data that does not fit a schema. */
export interface Violation {
  readonly path: Path;
  readonly message: string;
}

/** Every problem of a document: of its text or, when that is sound, of its content. */
export function documentProblems(document: SourceDocument, schema: Schema): readonly Problem[] {
  if (document.problems.length > 0) return document.problems;
  return checkSchema(schema, document.value).map(({ path, message }) =>
    document.problemAt(path, message),
  );
}

/**
 * Everything in plain data that does not fit a schema, in words for the person who wrote it.
 *
 * The schemas are JSON Schema, and a general validator agrees about them. It would compile each of
 * them into a program first, though, which takes longer than everything else that is done with the
 * files of a stack; walking them as they are takes less than a millisecond.
 */
export function checkSchema(schema: Schema, value: unknown): readonly Violation[] {
  const found: Violation[] = [];
  addViolations(schema, value, [], found);
  return found;
}

/** `path` is one list for the whole walk: a list for each value would take longer than the checks. */
function addViolations(
  schema: Schema,
  value: unknown,
  path: (string | number)[],
  found: Violation[],
): void {
  if (!fits(schema, value)) {
    const message = `"${nameOf(path)}" must be ${expectation(schema)}${foundText(schema, value)}`;
    found.push({ path: [...path], message });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      path.push(index);
      addViolations(schema.items ?? {}, item, path, found);
      path.pop();
    }
  } else if (typeof value === "object" && value !== null) {
    addKeyViolations(schema, value as Readonly<Record<string, unknown>>, path, found);
  }
}

function addKeyViolations(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: (string | number)[],
  found: Violation[],
): void {
  const { properties = {}, required = [], additionalProperties = true, propertyNames } = schema;
  for (const key of required) {
    if (Object.hasOwn(value, key)) continue;
    const missing = [...path, key];
    found.push({ path: missing, message: `"${nameOf(missing)}" is missing` });
  }
  for (const key of Object.keys(value)) {
    path.push(key);
    if (propertyNames && !fits(propertyNames, key)) {
      const message = `"${nameOf(path)}" has a bad key: it must be ${expectation(propertyNames)}`;
      found.push({ path: [...path], message });
    }
    const declared = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (typeof declared === "object") addViolations(declared, value[key], path, found);
    else if (declared === false) found.push(unknownKey([...path], key, Object.keys(properties)));
    path.pop();
  }
}

/** What is wrong with a key that a closed map does not have. */
export function unknownKey(path: Path, key: string, known: readonly string[]): Violation {
  const hint = didYouMean(key, known) || `; known are ${known.join(", ") || "none"}`;
  return { path, message: `unknown key "${nameOf(path)}"${hint}` };
}

/** Whether a value fits by itself, apart from what it contains. */
function fits(schema: Schema, value: unknown): boolean {
  if (schema.type !== undefined && !isOfSomeType(schema.type, value)) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === "string") return fitsText(schema, value);
  if (typeof value === "number") {
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
    return value >= minimum && value <= maximum;
  }
  return !Array.isArray(value) || value.length >= (schema.minItems ?? 0);
}

function fitsText({ pattern, minLength = 0, maxLength = Infinity }: Schema, text: string): boolean {
  // The length first: it bounds the work of the pattern.
  if (text.length < minLength || text.length > maxLength) return false;
  return pattern === undefined || compiled(pattern).test(text);
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, known);
  return known;
}

function isOfSomeType(types: string | readonly string[], value: unknown): boolean {
  return typeof types === "string"
    ? isOfType(types, value)
    : types.some((type) => isOfType(type, value));
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  object: "a map of keys",
  string: "text",
};

function expectation({ description, enum: choices, type = [], minItems }: Schema): string {
  if (description !== undefined) return description;
  if (choices) return `one of ${choices.filter((choice) => choice !== null).join(", ")}`;
  if (minItems !== undefined) return `a list of at least ${minItems}`;
  const names = [type].flat().filter((name) => name !== "null");
  return names.map((name) => typeNames[name] ?? name).join(" or ");
}

/** What stands there instead. Only short plain values: anything else tells the reader nothing. */
function foundText({ writeOnly }: Schema, value: unknown): string {
  if (writeOnly) return "";
  if (Array.isArray(value)) return ", found a list";
  if (typeof value === "object" && value !== null) return ", found a map of keys";
  // JSON has no word for the infinity that YAML makes of a number with too many digits.
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length <= 60 ? `, found ${text}` : `, found ${text.slice(0, 57)}..."`;
}

/** A place in a document, as the person who wrote it calls it: `replicas.max`. */
export function nameOf(path: Path): string {
  return path.length === 0 ? "the file" : path.join(".");
}
