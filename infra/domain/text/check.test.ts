import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { packageSchema } from "../package/schema.ts";
import { isPlainMap } from "../plain-map.ts";
import { pipelineSchema } from "../stack/pipeline.ts";
import { sampleStack, sampleTexts } from "../test/sample-stack.ts";
import { valuesSchema } from "../values/schema.ts";
import { checkSchema } from "./check.ts";
import { readDocument } from "./document.ts";
import { closed, layerOf, type Schema } from "./schema.ts";

test("an unknown key is refused with the one that was meant, or with all there are", () => {
  const schema = closed({ replicas: {}, service: {} }, []);
  assert.deepEqual(
    checkSchema(schema, { replica: 1, x: 2 }).map(({ message }) => message),
    [
      'unknown key "replica"; did you mean "replicas"?',
      'unknown key "x"; known are replicas, service',
    ],
  );
});

test("a value that may be a secret is not repeated", () => {
  const schema = closed({ secret: { type: "number", writeOnly: true }, plain: { type: "number" } });
  assert.deepEqual(
    checkSchema(schema, { secret: "canary", plain: "abc" }).map(({ message }) => message),
    ['"secret" must be a number', '"plain" must be a number, found "abc"'],
  );
});

test("a long value is cut, and containers are only named", () => {
  const schema = closed({ a: { type: "number" }, b: { type: "number" }, c: { type: "number" } });
  const messages = checkSchema(schema, { a: "x".repeat(500), b: [1], c: { d: 1 } });
  assert.deepEqual(
    messages.map(({ message }) => message.length < 100),
    [true, true, true],
  );
  assert.match(messages[1]?.message ?? "", /found a list$/);
});

const text = (file: string) => readDocument(file, sampleTexts()[file] ?? "").value;
const subjects: Readonly<Record<string, readonly [Schema, unknown]>> = {
  package: [packageSchema, text("infra/packages/fastapi-agent/package.yaml")],
  pipeline: [pipelineSchema, text("stacks/pipeline.yaml")],
  values: [valuesSchema, sampleStack("dev").agents[0]?.values],
  layer: [layerOf(valuesSchema), sampleStack("dev").agents[0]?.values],
};

for (const [name, [schema, sound]] of Object.entries(subjects)) {
  test(`a general JSON Schema validator gives the same verdict on every ${name}`, () => {
    const validate = new Ajv2020({ strictTypes: false }).compile(schema);
    const wrong = [
      null,
      "",
      "x",
      "local",
      "1",
      0,
      1,
      -1,
      1.5,
      40000,
      true,
      [],
      ["x"],
      {},
      { x: 1 },
    ];
    let verdicts = 0;
    for (const candidate of [sound, ...variants(sound, wrong)]) {
      const problems = checkSchema(schema, candidate);
      assert.equal(problems.length === 0, validate(candidate), JSON.stringify(candidate));
      verdicts++;
    }
    assert.ok(verdicts > 300, `${verdicts}`);
  });
}

/** Copies of plain data, each with one value replaced, one key removed or one key added. */
function* variants(value: unknown, replacements: readonly unknown[]): Generator<unknown> {
  yield* replacements;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const other of variants(item, replacements)) yield value.with(index, other);
    }
  }
  if (!isPlainMap(value)) return;
  yield { ...value, unknown: 1 };
  for (const [key, inner] of Object.entries(value)) {
    const { [key]: _, ...rest } = value;
    yield rest;
    for (const other of variants(inner, replacements)) yield { ...value, [key]: other };
  }
}
