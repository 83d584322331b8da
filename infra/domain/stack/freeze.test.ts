import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleTexts } from "../test/sample-stack.ts";
import { addFreeze, removeFreezes } from "./freeze.ts";
import { parsePipeline, pipelineFile } from "./pipeline.ts";

const text = sampleTexts()[pipelineFile] ?? "";
const freeze = { from: "2030-12-20T18:00Z", until: "2031-01-02T00:00Z", reason: 'a "holiday"' };
const freezesOf = (changed: string) =>
  parsePipeline(pipelineFile, changed).environments.map(({ gates }) => gates.freezes);

test("a freeze is added to one environment, and every line that was there stays", () => {
  const once = addFreeze(text, "prod", freeze);
  const twice = addFreeze(once, "prod", { ...freeze, reason: "more" });
  assert.deepEqual(freezesOf(twice), [[], [], [freeze, { ...freeze, reason: "more" }]]);
  const lines = new Set(once.split("\n"));
  assert.deepEqual(
    text.split("\n").filter((line) => !lines.has(line)),
    [],
  );
});

test("freezes that hold are taken away, and those to come stay", () => {
  const later = { ...freeze, from: "2031-12-20T18:00Z", until: "2032-01-02T00:00Z" };
  const both = addFreeze(addFreeze(text, "prod", freeze), "prod", later);
  const left = removeFreezes(both, "prod", "2030-12-25T00:00:00Z");
  assert.deepEqual(freezesOf(left)[2], [later]);
  assert.throws(() => removeFreezes(left, "prod", "2030-12-25T00:00:00Z"), { code: "not-frozen" });
  assert.deepEqual(freezesOf(removeFreezes(left, "prod", "2031-12-25T00:00:00Z"))[2], []);
});

test("a freeze that is none, or of no environment, is refused", () => {
  const wrong = { ...freeze, until: "2030-12-01T00:00Z" };
  assert.throws(() => addFreeze(text, "prod", wrong), /ends before it begins/);
  assert.throws(() => addFreeze(text, "prod", { ...freeze, until: "soon" }), /a moment in UTC/);
  assert.throws(() => addFreeze(text, "prot", freeze), { code: "unknown-environment" });
});
