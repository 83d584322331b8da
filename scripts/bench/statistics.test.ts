import assert from "node:assert/strict";
import { test } from "node:test";
import { ratio, shuffle, summarize } from "./statistics.ts";

test("the median of an odd number of measurements is the middle one", () => {
  assert.deepEqual(summarize([9, 1, 4]), { count: 3, min: 1, median: 4, max: 9 });
});

test("the median of an even number of measurements lies between the middle two", () => {
  assert.deepEqual(summarize([10, 2, 4, 1]), { count: 4, min: 1, median: 3, max: 10 });
});

test("measurements are ordered as numbers, not as texts", () => {
  assert.equal(summarize([100, 20, 3])?.median, 20);
});

test("one measurement is its own summary, and none has no summary", () => {
  assert.deepEqual(summarize([7]), { count: 1, min: 7, median: 7, max: 7 });
  assert.equal(summarize([]), undefined);
});

test("a ratio compares medians, so that one outlier does not decide it", () => {
  assert.equal(ratio(summarize([2, 3, 1000]), summarize([2, 2, 2])), 1.5);
});

test("there is no ratio to what was not measured", () => {
  assert.equal(ratio(summarize([1]), undefined), undefined);
  assert.equal(ratio(undefined, summarize([1])), undefined);
  assert.equal(ratio(summarize([1]), summarize([0])), undefined);
});

test("a shuffle keeps every item once and leaves the given list alone", () => {
  const items = [1, 2, 3, 4];
  assert.deepEqual(
    shuffle(items, () => 0.999),
    [4, 3, 2, 1],
  );
  assert.deepEqual([...shuffle(items, Math.random)].sort(), items);
  assert.deepEqual(items, [1, 2, 3, 4]);
});
