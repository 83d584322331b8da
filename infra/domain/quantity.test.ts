import assert from "node:assert/strict";
import { test } from "node:test";
import { exceeds, parseQuantity, sameQuantity } from "./quantity.ts";

test("the same amount is equal in whatever way it is written", () => {
  const equal = [
    ["500m", "0.5"],
    ["1", "1000m"],
    ["1Gi", "1024Mi"],
    ["1.5Gi", "1536Mi"],
    ["1G", "1000M"],
    ["2k", "2000"],
    ["1e3", "1000"],
    ["12E-1", "1.2"],
    ["1000000n", "1m"],
    ["0", "0Mi"],
  ];
  for (const [a = "", b = ""] of equal) assert.ok(sameQuantity(a, b), `${a} is ${b}`);
});

test("other amounts and texts that are no quantities are not equal", () => {
  for (const [a = "", b = ""] of [
    ["1G", "1Gi"],
    ["1m", "1M"],
    ["lots", "lots"],
    ["1 Gi", "1Gi"],
    ["-1", "1"],
  ]) {
    assert.ok(!sameQuantity(a, b), `${a} is not ${b}`);
  }
});

test("amounts too large for a number stay exact", () => {
  assert.equal(parseQuantity("9007199254740993"), 9007199254740993n * 10n ** 9n);
  assert.ok(exceeds("9007199254740993", "9007199254740992"));
});

test("1E is an exa, 1E3 is a thousand", () => {
  assert.ok(sameQuantity("1E", "1000P"));
  assert.ok(sameQuantity("1E3", "1k"));
});
