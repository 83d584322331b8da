import assert from "node:assert/strict";
import { test } from "node:test";
import { copyCheckout } from "../../infra/testing/workspace.ts";

test("drift of a stack that nobody deployed says what deploys it", async (t) => {
  const workspace = await copyCheckout(t);
  const outcome = await workspace.slipway(["drift", "dev"]);
  assert.equal(outcome.code, 2);
  assert.match(outcome.stderr, /next: {2}npx slipway build/);
  const both = await workspace.slipway(["drift", "dev", "--fix", "--pr"]);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--fix undoes what --pr would keep/);
});
