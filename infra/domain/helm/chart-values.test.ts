import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeLayer } from "../values/merge.ts";
import { collect, difference } from "./chart-values.ts";

test("a difference laid over the lower values gives the upper ones", () => {
  const lower = { a: 1, b: { c: [1], d: { e: "x" } }, f: {}, g: [1, 2] };
  const upper = { a: 1, b: { c: [1], d: { h: "y" } }, f: { i: 1 }, g: [2] };
  const layer = difference(lower, upper);
  assert.deepEqual(layer, { b: { d: { h: "y", e: null } }, f: { i: 1 }, g: [2] });
  assert.deepEqual(mergeLayer(lower, layer), upper);
  assert.deepEqual(difference(upper, upper), {});
});

test("a value is collected once, and another one in its place is refused", () => {
  const values = {};
  assert.equal(collect(values, ["a", "b"], [1]), true);
  assert.equal(collect(values, ["a", "b"], [1]), true);
  assert.equal(collect(values, ["a", "b"], [2]), false);
  assert.deepEqual(values, { a: { b: [1] } });
});
