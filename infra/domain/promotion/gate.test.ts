import assert from "node:assert/strict";
import { test } from "node:test";
import type { EvidenceEntry } from "../evidence/evidence.ts";
import { sampleLog, sampleRelease } from "../test/sample-release.ts";
import { type ChangedAgent, gateRefusals } from "./gate.ts";

const release = sampleRelease("one");
const other = sampleRelease("two");
const before = sampleLog("staging", [
  [1, "promoted", other],
  [2, "deployed", other],
]);
const after = sampleLog("staging", [
  [1, "promoted", other],
  [2, "deployed", other],
  [3, "promoted", release],
]);
const sound: ChangedAgent = {
  environment: "staging",
  agent: "fastapi-agent",
  release,
  evidence: { before, after },
};

const told = (changed: readonly ChangedAgent[]) =>
  gateRefusals(changed).map(({ gate, reason }) => `${gate}: ${reason}`);

test("a release that a command brought may be merged, alone or with others of its environment", () => {
  assert.deepEqual(told([]), []);
  assert.deepEqual(told([sound]), []);
  assert.deepEqual(told([sound, { ...sound, agent: "queue-worker" }]), []);
});

test("evidence alone may be added in several environments", () => {
  const { release: _, ...evidence } = sound;
  assert.deepEqual(told([evidence, { ...evidence, environment: "prod" }]), []);
});

test("a change of two environments is refused", () => {
  const [reason, ...others] = told([sound, { ...sound, environment: "prod" }]);
  assert.match(reason ?? "", /^scope: this changes what runs in staging and prod/);
  assert.deepEqual(others, []);
});

const kept = (entries: readonly EvidenceEntry[]) =>
  told([{ ...sound, evidence: { before, after: entries } }]);

test("evidence that is shorter, or another, is refused", () => {
  const edited = sampleLog("staging", [
    [1, "promoted", other],
    [2, "deployed", other, { result: "failed" }],
    [3, "promoted", release],
  ]);
  assert.match(kept(edited)[0] ?? "", /^evidence: .* since 2030-06-15T00:02:00Z \(deployed\)/);
  assert.match(kept(after.slice(1))[0] ?? "", /^evidence: .*\(promoted\)/);
});

test("a release that only a hand can have written is refused", () => {
  assert.match(kept(before)[0] ?? "", /^order: nothing in .* says how 1\.0\.0 came to staging/);
});
