import { canonicalJson } from "../canonical.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { didYouMean } from "../text/nearest.ts";
import type { Budget } from "./budget.ts";
import { formatProblem } from "./formats.ts";
import { compilePattern } from "./pattern.ts";

/**
 * What a schema demands of a value by itself, apart from what it contains, and the value is not.
 * Each message completes the sentence "must be ..." or stands for itself; none repeats the value,
 * which may be a secret in the wrong place.
 */
export function* assertions(schema: PlainMap, value: unknown, budget: Budget): Generator<string> {
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    yield `must be ${[schema.type].flat().map(typeName).join(" or ")}`;
    return;
  }
  yield* choiceProblems(schema, value, budget);
  if (typeof value === "number") yield* numberProblems(schema, value);
  if (typeof value === "string") yield* textProblems(schema, value, budget);
  if (Array.isArray(value)) yield* listProblems(schema, value);
  if (isPlainMap(value)) yield* mapProblems(schema, value);
}

/** Whether a value has one of the types that `type` names. */
function hasType(type: unknown, value: unknown): boolean {
  return [type].flat().some((name) => {
    if (name === "integer") return Number.isInteger(value);
    if (name === "null") return value === null;
    if (name === "array") return Array.isArray(value);
    if (name === "object") return isPlainMap(value);
    return typeof value === name;
  });
}

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  null: "null",
  number: "a number",
  object: "a map of keys",
  string: "text",
};

function typeName(type: unknown): string {
  return typeNames[String(type)] ?? String(type);
}

function* choiceProblems(schema: PlainMap, value: unknown, budget: Budget): Generator<string> {
  const text = canonicalJson(value);
  const same = (choice: unknown) => {
    budget.spend(10);
    return canonicalJson(choice) === text;
  };
  if ("const" in schema && !same(schema.const)) yield `must be ${JSON.stringify(schema.const)}`;
  if (!Array.isArray(schema.enum) || schema.enum.some(same)) return;
  const choices = schema.enum.map((choice) =>
    typeof choice === "string" ? choice : JSON.stringify(choice),
  );
  const meant = typeof value === "string" ? didYouMean(value, choices) : "";
  yield `must be one of ${choices.join(", ")}${meant}`;
}

function* numberProblems(schema: PlainMap, value: number): Generator<string> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (isNumber(minimum) && value < minimum) yield `must be at least ${minimum}`;
  if (isNumber(maximum) && value > maximum) yield `must be at most ${maximum}`;
  if (isNumber(exclusiveMinimum) && value <= exclusiveMinimum)
    yield `must be more than ${exclusiveMinimum}`;
  if (isNumber(exclusiveMaximum) && value >= exclusiveMaximum)
    yield `must be less than ${exclusiveMaximum}`;
  if (isNumber(multipleOf) && !isMultiple(value, multipleOf))
    yield `must be a multiple of ${multipleOf}`;
}

/** 0.3 is a multiple of 0.1, although the quotient of the two is not quite a whole number. */
function isMultiple(value: number, divisor: number): boolean {
  const quotient = value / divisor;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * Number.EPSILON;
}

function* textProblems(schema: PlainMap, value: string, budget: Budget): Generator<string> {
  const { minLength, maxLength, pattern, format, description } = schema;
  const length = [...value].length;
  if (isNumber(minLength) && length < minLength)
    yield minLength === 1 ? "must not be empty" : `must have at least ${minLength} characters`;
  if (isNumber(maxLength) && length > maxLength) yield `must have at most ${maxLength} characters`;
  if (typeof format === "string") {
    const expected = formatProblem(format, value);
    if (expected !== undefined) yield `must be ${expected}`;
  }
  if (typeof pattern === "string" && !matches(pattern, value, budget))
    yield `must match ${pattern}${typeof description === "string" ? ` (${description})` : ""}`;
}

/** Whether a sound pattern is found in a text, or in a key. */
export function matches(pattern: string, text: string, budget: Budget): boolean {
  const compiled = compilePattern(pattern);
  return typeof compiled !== "string" && compiled.test(text, budget);
}

function* listProblems(schema: PlainMap, value: readonly unknown[]): Generator<string> {
  const { minItems, maxItems, uniqueItems } = schema;
  if (isNumber(minItems) && value.length < minItems) yield `must have at least ${minItems} items`;
  if (isNumber(maxItems) && value.length > maxItems) yield `must have at most ${maxItems} items`;
  if (uniqueItems === true && new Set(value.map(canonicalJson)).size < value.length)
    yield "must not have an item twice";
}

function* mapProblems(schema: PlainMap, value: PlainMap): Generator<string> {
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  if (isNumber(minProperties) && count < minProperties)
    yield `must have at least ${minProperties} keys`;
  if (isNumber(maxProperties) && count > maxProperties)
    yield `must have at most ${maxProperties} keys`;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
