import assert from "node:assert/strict";
import { test } from "node:test";
import { kubeVersion } from "./kube-version.ts";

test("bounds let in what clouds call their versions", () => {
  assert.equal(kubeVersion(">=1.30"), ">=1.30.0-0");
  assert.equal(kubeVersion(">= 1.30 <1.36"), ">=1.30.0-0 <1.36.0-0");
  assert.equal(kubeVersion("^1.30.2 || ~1.29"), "^1.30.2-0 || ~1.29.0-0");
});

test("what has no bound to widen stays as it is", () => {
  for (const range of ["1.x", "1.30 - 1.34", "<=1.34", ">1.30", "=1.34.4", ">=1.30.0-0"]) {
    assert.equal(kubeVersion(range), range);
  }
});
