import assert from "node:assert/strict";
import { test } from "node:test";
import { completeStack } from "../manifests/complete.ts";
import { manifests } from "../manifests/manifests.ts";
import { hashes, objectOf, sampleObjects, sampleStack, sampleTexts } from "../test/sample-stack.ts";
import type { Drift } from "./drift.ts";
import { keepDrift } from "./keep-drift.ts";
import type { Writer } from "./managed-fields.ts";

const file = "stacks/dev/fastapi-agent/values.yaml";
const by = { manager: "lens", time: "2030-06-15T00:01:00Z" } as Writer;
const deployment = { kind: "changed", object: "Deployment fastapi-agent", by } as const;

function keep(drift: readonly Drift[]) {
  const { agents } = sampleStack("dev");
  const objects = sampleObjects("dev");
  return keepDrift({ environment: "dev", drift, objects, agents, texts: sampleTexts() });
}

test("files that keep a change make the objects that the cluster has", () => {
  const { files, kept, left } = keep([
    { ...deployment, path: "spec.minReadySeconds", live: "9" },
    { ...deployment, path: "spec.template.spec.containers[agent].workingDir", live: '"/tmp"' },
    {
      ...deployment,
      path: "spec.template.spec.containers[agent].resources.limits.cpu",
      live: '"900m"',
    },
    { ...deployment, path: "metadata.labels[team.example/name]", live: '"ops"' },
    { ...deployment, path: "spec.revisionHistoryLimit" },
  ]);
  assert.deepEqual([kept.length, left], [5, []]);
  assert.deepEqual(
    files.map(({ path }) => path),
    [file],
  );
  const stack = sampleStack("dev", { [file]: files[0]?.text ?? "" });
  const objects = manifests(completeStack(stack, { OPENAI_API_KEY: "x" }), hashes);
  const { metadata, spec } = objectOf(objects, "Deployment", "fastapi-agent");
  const [container] = spec.template.spec.containers;
  assert.equal(spec.minReadySeconds, 9);
  assert.equal(spec.revisionHistoryLimit, undefined);
  assert.equal(container.workingDir, "/tmp");
  assert.equal(container.resources.limits.cpu, "900m");
  assert.equal(metadata.labels["team.example/name"], "ops");
  assert.match(
    metadata.annotations["slipway.dev/patched"],
    /where lens set it at 2030-06-15T00:01:00Z$/,
  );
  const lines = new Set(files[0]?.text.split("\n"));
  const lost = sampleTexts()
    [file]?.split("\n")
    .filter((line) => !lines.has(line));
  assert.deepEqual(lost, []);
});

const secret = sampleObjects("dev").find(({ kind }) => kind === "Secret")?.metadata.name;

for (const [what, drift] of [
  ["an object that is gone", { kind: "missing", object: "Service fastapi-agent" }],
  ["an object that no file describes", { kind: "unexpected", object: "ConfigMap mine", by }],
  ["a Secret", { kind: "added", object: `Secret ${secret}`, path: "data.a", by }],
  [
    "what the whole stack shares",
    {
      kind: "changed",
      object: "ResourceQuota stack-quota",
      path: "spec.hard.pods",
      live: '"9"',
      by,
    },
  ],
  [
    "a label that tells whose an object is",
    { ...deployment, path: "metadata.labels[slipway.dev/stack]", live: '"x"' },
  ],
  [
    "a file that changed since the deployment",
    {
      ...deployment,
      path: "spec.minReadySeconds",
      live: "9",
      by: { manager: "pulumi-kubernetes-1a2b" } as Drift["by"],
    },
  ],
] as const) {
  test(`${what} is left to others`, () => {
    const { files, left } = keep([drift as Drift]);
    assert.deepEqual([files, left], [[], [drift]]);
  });
}
