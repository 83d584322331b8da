import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { nameOf, unknownKey, type Violation } from "../text/check.ts";
import type { Path } from "../text/document.ts";
import { assertions, matches } from "./assertions.ts";
import { Budget, EndlessSchemaError } from "./budget.ts";
import type { JsonSchema } from "./json-schema.ts";
import { resolveReference } from "./reference.ts";

/** What it costs to apply a schema to a value, besides its patterns and choices. */
const applicationCost = 100;

/** Schemas applied inside one another; a reference that leads to itself has no end. */
const maxDepth = 200;

/**
 * Everything in plain data that does not fit a well-formed schema.
 *
 * The standard's applicators are interpreted one by one: compiling the schema into a program first
 * would take longer than all else that is done with the files of a stack.
 *
 * @throws {EndlessSchemaError}
 */
export function evaluate(root: JsonSchema, value: unknown): readonly Violation[] {
  return new Evaluation(root).apply(root, value, [], 0).violations;
}

/** What came of one schema and one value: the keys and items that a part of the schema spoke of. */
class Outcome {
  readonly violations: Violation[] = [];
  readonly seen = new Set<string | number>();

  add({ violations, seen }: Outcome): void {
    this.violations.push(...violations);
    for (const key of seen) this.seen.add(key);
  }

  refuse(path: Path, message: string): void {
    this.violations.push({ path, message: `"${nameOf(path)}" ${message}` });
  }

  get valid(): boolean {
    return this.violations.length === 0;
  }
}

type Apply = (schema: unknown, key?: string | number) => Outcome;

class Evaluation {
  private readonly root: JsonSchema;
  private readonly targets = new Map<string, JsonSchema | undefined>();
  private readonly budget = new Budget();

  constructor(root: JsonSchema) {
    this.root = root;
  }

  apply(schema: unknown, value: unknown, path: Path, depth: number): Outcome {
    this.budget.spend(applicationCost);
    if (depth > maxDepth) throw new EndlessSchemaError();
    const outcome = new Outcome();
    if (schema === false) outcome.refuse(path, "must not be there");
    if (!isPlainMap(schema)) return outcome;
    for (const message of assertions(schema, value, this.budget)) outcome.refuse(path, message);
    const here: Apply = (inner) => this.apply(inner, value, path, depth + 1);
    this.references(schema, here, outcome);
    combinations(schema, here, outcome, path);
    conditions(schema, value, here, outcome);
    if (isPlainMap(value)) this.keys(schema, value, path, depth, outcome);
    if (Array.isArray(value)) this.items(schema, value, path, depth, outcome);
    return outcome;
  }

  private references({ $ref, $dynamicRef }: PlainMap, here: Apply, outcome: Outcome): void {
    for (const reference of [$ref, $dynamicRef]) {
      if (typeof reference !== "string") continue;
      if (!this.targets.has(reference))
        this.targets.set(reference, resolveReference(this.root, reference));
      outcome.add(here(this.targets.get(reference)));
    }
  }

  private keys(schema: PlainMap, value: PlainMap, path: Path, depth: number, outcome: Outcome) {
    const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema;
    const known = isPlainMap(properties) ? properties : {};
    const patterns = Object.entries(patternProperties ?? {});
    requirements(schema, value, path, outcome);
    const descend = (inner: unknown, key: string) => {
      outcome.seen.add(key);
      const place = [...path, key];
      if (inner === false) outcome.violations.push(unknownKey(place, key, Object.keys(known)));
      else outcome.violations.push(...this.apply(inner, value[key], place, depth + 1).violations);
    };
    for (const key of Object.keys(value)) {
      const fitting = patterns.filter(([pattern]) => matches(pattern, key, this.budget));
      const own = Object.hasOwn(known, key);
      if (own) descend(known[key], key);
      for (const [, inner] of fitting) descend(inner, key);
      if (!own && fitting.length === 0 && additionalProperties !== undefined)
        descend(additionalProperties, key);
      if (schema.propertyNames !== undefined) {
        const { violations } = this.apply(schema.propertyNames, key, [...path, key], depth + 1);
        outcome.violations.push(...violations);
      }
    }
    if (unevaluatedProperties === undefined) return;
    for (const key of Object.keys(value)) {
      if (!outcome.seen.has(key)) descend(unevaluatedProperties, key);
    }
  }

  private items(
    schema: PlainMap,
    value: readonly unknown[],
    path: Path,
    depth: number,
    outcome: Outcome,
  ): void {
    const { prefixItems = [], items, contains, unevaluatedItems } = schema;
    const prefix = prefixItems as readonly unknown[];
    const at = (inner: unknown, index: number) =>
      this.apply(inner, value[index], [...path, index], depth + 1);
    const descend = (inner: unknown, index: number) => {
      outcome.seen.add(index);
      outcome.violations.push(...at(inner, index).violations);
    };
    for (const index of value.keys()) {
      if (index < prefix.length) descend(prefix[index], index);
      else if (items !== undefined) descend(items, index);
    }
    if (contains !== undefined) {
      const found = [...value.keys()].filter((index) => at(contains, index).valid);
      for (const index of found) outcome.seen.add(index);
      containment(schema, found.length, path, outcome);
    }
    if (unevaluatedItems === undefined) return;
    for (const index of value.keys()) {
      if (!outcome.seen.has(index)) descend(unevaluatedItems, index);
    }
  }
}

function combinations(schema: PlainMap, here: Apply, outcome: Outcome, path: Path): void {
  const outcomesOf = (keyword: string) =>
    Array.isArray(schema[keyword]) ? schema[keyword].map((inner) => here(inner)) : undefined;
  for (const one of outcomesOf("allOf") ?? []) outcome.add(one);
  for (const keyword of ["anyOf", "oneOf"]) {
    const outcomes = outcomesOf(keyword);
    if (outcomes === undefined) continue;
    const fitting = outcomes.filter(({ valid }) => valid);
    for (const one of fitting) outcome.add(one);
    if (fitting.length === 0) outcome.violations.push(...nearestMiss(outcomes));
    else if (keyword === "oneOf" && fitting.length > 1)
      outcome.refuse(path, `must fit one of ${outcomes.length} alternatives, and fits several`);
  }
  if (schema.not !== undefined && here(schema.not).valid)
    outcome.refuse(path, "is what the package's schema excludes");
}

/** Of alternatives that all fail, the one that was probably meant fails only deep inside. */
function nearestMiss(outcomes: readonly Outcome[]): readonly Violation[] {
  const shallowest = ({ violations }: Outcome) =>
    Math.min(...violations.map(({ path }) => path.length));
  const [best] = [...outcomes].sort((a, b) => shallowest(b) - shallowest(a));
  return best?.violations ?? [];
}

function conditions(schema: PlainMap, value: unknown, here: Apply, outcome: Outcome): void {
  if (schema.if !== undefined) {
    const tested = here(schema.if);
    if (tested.valid) outcome.add(tested);
    const branch = tested.valid ? schema.then : schema.else;
    if (branch !== undefined) outcome.add(here(branch));
  }
  for (const [key, inner] of Object.entries(schema.dependentSchemas ?? {})) {
    if (isPlainMap(value) && Object.hasOwn(value, key)) outcome.add(here(inner));
  }
}

function requirements(schema: PlainMap, value: PlainMap, path: Path, outcome: Outcome): void {
  const demand = (keys: unknown, why: string) => {
    for (const key of keys as readonly string[]) {
      if (!Object.hasOwn(value, key)) outcome.refuse([...path, key], `is missing${why}`);
    }
  };
  demand(schema.required ?? [], "");
  for (const [key, keys] of Object.entries(schema.dependentRequired ?? {})) {
    if (Object.hasOwn(value, key)) demand(keys, `; "${nameOf([...path, key])}" needs it`);
  }
}

function containment(schema: PlainMap, found: number, path: Path, outcome: Outcome): void {
  const { minContains = 1, maxContains = Number.POSITIVE_INFINITY } = schema;
  if (found < (minContains as number))
    outcome.refuse(path, `must have at least ${minContains} items of the kind that is asked for`);
  if (found > (maxContains as number))
    outcome.refuse(path, `must have at most ${maxContains} items of the kind that is asked for`);
}
