import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "./canonical.ts";

test("equal data has equal text, whatever the order of its keys", () => {
  const keys = ["b", "A", "a", "_", "z1", "z10", "10", "2", "é"];
  const data = Object.fromEntries(keys.map((key) => [key, { [key]: key, x: [key, 1] }]));
  const reversed = Object.fromEntries(
    keys.toReversed().map((key) => [key, { x: [key, 1], [key]: key }]),
  );
  assert.equal(canonicalJson(data), canonicalJson(reversed));
  assert.deepEqual(JSON.parse(canonicalJson(data)), data);
});

test("different data has different text", () => {
  const different = [{ a: "1" }, { a: 1 }, { a: ["1"] }, { a: "1", b: "" }, { a: '1","b":"' }, {}];
  assert.equal(new Set(different.map(canonicalJson)).size, different.length);
});

test("the order of a list is content", () => {
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
});
