import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { packageSchema } from "../package/schema.ts";
import { evalFileSchema } from "../package-tests/eval-file.ts";
import { smokeFileSchema } from "../package-tests/smoke-file.ts";
import { testFileSchema } from "../package-tests/test-file.ts";
import { evalTitles, smokeTitles, testTitles } from "../package-tests/titles.ts";
import { releaseSchema } from "../release/parse.ts";
import { pipelineSchema } from "../stack/pipeline.ts";
import { sampleTexts } from "../test/sample-stack.ts";
import { readDocument } from "../text/document.ts";
import type { Schema } from "../text/schema.ts";
import { valuesSchema } from "../values/schema.ts";
import { publishedSchemas } from "./published.ts";
import { packageTitles, pipelineTitles, releaseTitles, valuesTitles } from "./titles.ts";

test("every key of every file has a sentence that says what it is for, and no other has", () => {
  for (const [schema, titles] of [
    [evalFileSchema, evalTitles],
    [packageSchema, packageTitles],
    [pipelineSchema, pipelineTitles],
    [releaseSchema, releaseTitles],
    [smokeFileSchema, smokeTitles],
    [testFileSchema, testTitles],
    [valuesSchema, valuesTitles],
  ] as const) {
    const places = [...placesOf(schema, "")];
    const missing = places.filter((place) => !(place in titles) && !obvious.test(place));
    assert.deepEqual(missing, []);
    assert.deepEqual(
      Object.keys(titles).filter((title) => !places.includes(title)),
      [],
    );
  }
});

/** Items, which the name of their list or map explains, and the amounts of companions. */
const obvious = /\.\*$|\*\.resources\.(requests|limits)\.[a-z-]+$/;

function* placesOf(schema: Schema, place: string): Generator<string> {
  yield place;
  const { properties = {}, additionalProperties, items } = schema;
  const below = (key: string) => (place === "" ? key : `${place}.${key}`);
  for (const [key, child] of Object.entries(properties)) yield* placesOf(child, below(key));
  if (typeof additionalProperties === "object") yield* placesOf(additionalProperties, below("*"));
  if (items) yield* placesOf(items, below("*"));
}

test("the published schemas accept the repository's own files and refuse slips", () => {
  const texts = sampleTexts();
  const schemas = publishedSchemas();
  for (const [name, file] of [
    ["package", "infra/packages/fastapi-agent/package.yaml"],
    ["pipeline", "stacks/pipeline.yaml"],
    ["release", "stacks/dev/fastapi-agent/release.json"],
    ["values", "stacks/prod/fastapi-agent/values.yaml"],
    ["values", "infra/packages/fastapi-agent/values.yaml"],
  ] as const) {
    const schema = JSON.parse(schemas[`infra/schemas/${name}.schema.json`] ?? "");
    const validate = new Ajv2020({ strictTypes: false }).compile(schema);
    const value = readDocument(file, texts[file] ?? "").value;
    assert.ok(validate(value), `${file}: ${JSON.stringify(validate.errors)}`);
    assert.ok(!validate({ ...(value as object), replica: 1 }), file);
  }
});

test("an editor is told what a key means, what it must be, and its default", () => {
  const schema = JSON.parse(publishedSchemas()["infra/schemas/values.schema.json"] ?? "");
  assert.deepEqual(schema.properties.service.properties.port, {
    description: "Port of the Service. Must be a port from 1 to 65535.",
    type: ["integer", "null"],
    minimum: 1,
    maximum: 65535,
    default: 80,
  });
});
