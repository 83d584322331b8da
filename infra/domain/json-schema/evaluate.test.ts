import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { EndlessSchemaError } from "./budget.ts";
import { evaluate } from "./evaluate.ts";
import type { JsonSchema } from "./json-schema.ts";
import { schemaProblems } from "./well-formed.ts";

const messages = (schema: JsonSchema, value: unknown) =>
  evaluate(schema, value).map(({ message }) => message);

const values = [
  ...[null, true, 0, 1, 1.5, -3, 7, "", "a", "abc", "x1", [], {}],
  ...[[1], [1, 1], ["a", 2], [1, "a", true], [[1], [1]]],
  ...[{ a: 1 }, { a: "x" }, { b: 1 }, { a: 1, b: 2 }, { a: { a: 1 } }, { x1: "a", c: null }],
];

const schemas: readonly JsonSchema[] = [
  true,
  false,
  {},
  { type: ["string", "null"] },
  { type: "integer", minimum: 1, exclusiveMaximum: 7 },
  { type: "number", multipleOf: 0.5, maximum: 3, exclusiveMinimum: -3 },
  { enum: [1, "a", { a: 1 }, [1]] },
  { const: { a: 1 } },
  { minLength: 1, maxLength: 2, pattern: "^[a-z]" },
  { prefixItems: [{ type: "integer" }], items: { type: "string" } },
  { items: false },
  { contains: { type: "integer" }, minContains: 2, maxContains: 2 },
  { uniqueItems: true, minItems: 1, maxItems: 2 },
  { properties: { a: { type: "integer" } }, additionalProperties: false },
  { patternProperties: { "^x": { type: "string" } }, additionalProperties: { type: "integer" } },
  { propertyNames: { maxLength: 1 }, minProperties: 1, maxProperties: 1 },
  { required: ["a"], dependentRequired: { a: ["b"] } },
  { dependentSchemas: { a: { required: ["b"] } } },
  { allOf: [{ required: ["a"] }, { properties: { a: { type: "integer" } } }] },
  { anyOf: [{ type: "string" }, { required: ["a"] }] },
  { oneOf: [{ type: "integer" }, { minimum: 1 }] },
  { not: { type: "object" } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  { if: { type: "object" }, then: { required: ["a"] }, else: { type: "string" } },
  { $ref: "#/$defs/one", $defs: { one: { type: "integer" } } },
  { $ref: "#one", $defs: { x: { $anchor: "one", type: "integer" } } },
  {
    properties: { a: { anyOf: [{ $ref: "#" }, { type: "integer" }] } },
    additionalProperties: false,
  },
  { allOf: [{ properties: { a: true } }], unevaluatedProperties: false },
  { anyOf: [{ properties: { a: { type: "integer" } } }, true], unevaluatedProperties: false },
];

test("a general validator gives the same verdict on every value", () => {
  for (const schema of schemas) {
    assert.deepEqual(schemaProblems(schema), [], JSON.stringify(schema));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    for (const value of values) {
      const sound = evaluate(schema, value).length === 0;
      assert.equal(sound, validate(value), JSON.stringify([schema, value]));
    }
  }
});

test("a message names the key, what it must be and what was meant, and repeats no value", () => {
  const schema = {
    properties: {
      config: {
        properties: {
          LEVEL: { enum: ["DEBUG", "INFO"] },
          WAIT: { pattern: "^[0-9]+s$", description: "such as 30s" },
          URL: { format: "uri" },
        },
        required: ["MODEL"],
        additionalProperties: false,
      },
    },
  };
  const value = { config: { LEVEL: "DEBGU", WAIT: "canary", URL: "canary", LEVL: "canary" } };
  assert.deepEqual(messages(schema, value), [
    '"config.MODEL" is missing',
    '"config.LEVEL" must be one of DEBUG, INFO; did you mean "DEBUG"?',
    '"config.WAIT" must match ^[0-9]+s$ (such as 30s)',
    '"config.URL" must be an absolute URI',
    'unknown key "config.LEVL"; did you mean "LEVEL"?',
  ]);
});

test("of several alternatives the one that was nearly met is explained", () => {
  const schema = {
    anyOf: [{ type: "string" }, { properties: { a: { maximum: 1 }, b: { maximum: 1 } } }],
  };
  assert.deepEqual(messages(schema, { a: 1, b: 2 }), ['"b" must be at most 1']);
});

test("a schema that goes in circles or multiplies is given up", () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      `d${n}`,
      { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  );
  for (const schema of [
    { $ref: "#" },
    { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    { $ref: "#/$defs/d0", $defs: { ...doubling, d40: {} } },
  ]) {
    assert.deepEqual(schemaProblems(schema), []);
    assert.throws(() => evaluate(schema, 1), EndlessSchemaError);
  }
});

test("what is wrong with a schema itself is told with its place", () => {
  const found = schemaProblems({
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "strnig",
    proprties: {},
    properties: { a: { $id: "https://example.com/a", minLength: -1, pattern: "(" }, b: 3 },
    patternProperties: { "[": true },
    $ref: "https://example.com/other.json",
    allOf: [],
  }).map(({ path, message }) => `${path.join(".")}: ${message}`);
  const expected = [
    /^\$schema: "\$schema" must be https:\/\/json-schema.org\/draft\/2020-12\/schema$/,
    /^type: "type" must be one of array, boolean/,
    /^proprties: unknown keyword "proprties"; did you mean "properties"\?$/,
    /^properties: "properties" must be a map of schemas$/,
    /^properties\.a\.\$id: "\$id" is understood at the top/,
    /^properties\.a\.minLength: "minLength" must be a whole number$/,
    /^properties\.a\.pattern: "pattern" must be a regular expression$/,
    /^patternProperties\.\[: the key must be a regular expression$/,
    /^\$ref: "\$ref" must lead to a schema in this file/,
    /^allOf: "allOf" must be a list of schemas, and not empty$/,
  ];
  for (const one of expected) {
    assert.ok(
      found.some((message) => one.test(message)),
      `${one} in\n${found.join("\n")}`,
    );
  }
  assert.equal(found.length, expected.length, found.join("\n"));
});

test("a reference reaches only what is checked as a schema", () => {
  const hidden = { $ref: "#/x-hidden", "x-hidden": { pattern: "(" } };
  assert.match(schemaProblems(hidden)[0]?.message ?? "", /must lead to a schema in this file/);
  assert.equal(schemaProblems({ $ref: "#/const", const: { pattern: "(" } }).length, 1);
  assert.deepEqual(schemaProblems({ $ref: "#/$defs/a~1b", $defs: { "a/b": {} } }), []);
});

test("items that contains speaks of are no longer unevaluated", () => {
  const schema = { contains: { type: "boolean" }, unevaluatedItems: { type: "string" } };
  assert.deepEqual(messages(schema, [true, "a"]), []);
  assert.deepEqual(messages(schema, [true, 1]), ['"1" must be text']);
});
