import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, nearest } from "./nearest.ts";

const known = ["replicas", "resources", "config", "secrets", "service"];

test("a slip of the pen finds the word that was meant", () => {
  const slips = { replica: "replicas", secerts: "secrets", Config: "config", servcie: "service" };
  for (const [slip, meant] of Object.entries(slips)) assert.equal(nearest(slip, known), meant);
});

test("a word that resembles nothing gets no suggestion", () => {
  assert.equal(nearest("ingress", known), undefined);
  assert.equal(didYouMean("x", known), "");
});
