import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../errors.ts";
import { draftStack } from "../stack/plan.ts";
import { sampleTexts } from "../test/sample-stack.ts";

const file = "infra/packages/fastapi-agent/values.schema.json";
const own = "stacks/prod/fastapi-agent/values.yaml";

function problems(schema: unknown, changes: Readonly<Record<string, string>> = {}) {
  const found: Problem[] = [];
  const text = typeof schema === "string" ? schema : JSON.stringify(schema, null, 2);
  draftStack({ environment: "prod", texts: sampleTexts({ ...changes, [file]: text }) }, found);
  return found.map((one) => `${one.file}:${one.line ?? ""}: ${one.message}`);
}

const config = (properties: Readonly<Record<string, unknown>>) => ({
  properties: { config: { properties, additionalProperties: false } },
});

const all = { API_TIMEOUT: true, OPENAI_BASE_URL: true, OPENAI_MODEL: true };

test("merged values are held against the package's schema, at the place that decided", () => {
  const schema = config({ ...all, LOG_LEVEL: { enum: ["INFO", "ERROR"] } });
  assert.deepEqual(problems(schema), []);
  assert.deepEqual(problems(schema, { [own]: "config:\n  LOG_LEVEL: EROR\n  LOG_LEVL: INFO\n" }), [
    `${own}:2: "config.LOG_LEVEL" must be one of INFO, ERROR; did you mean "ERROR"?`,
    `${own}:3: unknown key "config.LOG_LEVL"; did you mean "LOG_LEVEL"?`,
  ]);
});

test("what a stack takes away is missed where it was taken", () => {
  const schema = { properties: { config: { required: ["LOG_LEVEL"] } } };
  assert.deepEqual(problems(schema, { [own]: "\nconfig: { LOG_LEVEL: null }\n" }), [
    `${own}:2: "config.LOG_LEVEL" is missing`,
  ]);
});

test("a schema that is none is a problem with its place, and so is one without an end", () => {
  assert.match(problems("{")[0] ?? "", /values\.schema\.json:1: /);
  assert.deepEqual(problems({ properties: { config: { type: "text" } } }).length, 1);
  assert.match(problems({ properties: { config: { type: "text" } } })[0] ?? "", /json:4: "type"/);
  assert.match(problems({ $ref: "#" })[0] ?? "", /json:: the schema goes in circles/);
  assert.match(problems({ $ref: "https://x.example/y" })[0] ?? "", /json:2: "\$ref" must lead/);
});

test("no problem repeats a value, which may be a secret in the wrong place", () => {
  const found = problems(config({ LOG_LEVEL: { pattern: "^A$" } }), {
    [own]: "config: { LOG_LEVEL: canary, OTHER: canary }\n",
  });
  assert.ok(found.length >= 2);
  assert.doesNotMatch(found.join("\n"), /canary/);
});
