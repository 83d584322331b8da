import assert from "node:assert/strict";
import { test } from "node:test";
import { describeDrift } from "./describe-drift.ts";
import type { Drift } from "./drift.ts";

const at = { operation: "Update", time: "2026-01-02T03:04:05Z" };
const object = "Deployment agent";

const findings: readonly (readonly [Drift, string])[] = [
  [{ kind: "missing", object }, "Deployment agent: is missing"],
  [
    { kind: "unexpected", object, by: { manager: "kubectl-create", operation: "Update" } },
    "Deployment agent: is in no file, by kubectl-create",
  ],
  [
    {
      kind: "changed",
      object,
      path: "spec.paused",
      desired: "false",
      live: "true",
      by: { ...at, manager: "kubectl-edit" },
    },
    "Deployment agent: spec.paused is true instead of false, by kubectl-edit at 2026-01-02T03:04:05Z",
  ],
  [
    { kind: "changed", object, path: "spec.paused", desired: "false" },
    "Deployment agent: spec.paused is gone instead of false",
  ],
  [
    {
      kind: "changed",
      object,
      path: "spec.a",
      desired: "1",
      live: "2",
      by: { ...at, manager: "pulumi-kubernetes-1a2b3c4d" },
    },
    "Deployment agent: spec.a is 2 instead of 1, as deployed at 2026-01-02T03:04:05Z",
  ],
  [
    { kind: "added", object, path: "spec.a", live: JSON.stringify("x".repeat(500)) },
    `Deployment agent: spec.a is "${"x".repeat(78)}…, which no file sets`,
  ],
  [
    { kind: "changed", object: "Secret agent", path: "data.KEY" },
    "Secret agent: data.KEY is another",
  ],
  [
    { kind: "added", object: "Secret agent", path: "data.KEY" },
    "Secret agent: data.KEY, which no file sets",
  ],
];

for (const [finding, line] of findings) {
  test(line.slice(0, 120), () => {
    assert.equal(describeDrift(finding), line);
  });
}
