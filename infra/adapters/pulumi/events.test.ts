import assert from "node:assert/strict";
import { test } from "node:test";
import { changeOf, parseEvent, type StepMetadata } from "./events.ts";

const step: StepMetadata = {
  op: "update",
  urn: "urn:pulumi:dev::deploy::slipway:index:AgentRelease$kubernetes:apps/v1:Deployment::fastapi-agent",
  type: "kubernetes:apps/v1:Deployment",
  detailedDiff: { "spec.template.spec.containers[0].image": { diffKind: "update" } },
};

test("only a whole JSON object is an event", () => {
  assert.deepEqual(parseEvent('{"diagnosticEvent":{"message":"m","severity":"error"}}'), {
    diagnosticEvent: { message: "m", severity: "error" },
  });
  for (const line of ["", "Updating (dev):", '{"cut": ', "[1]"]) {
    assert.equal(parseEvent(line), undefined, line);
  }
});

test("an update of an object is a change, with the paths that differ", () => {
  assert.deepEqual(changeOf(step), {
    operation: "update",
    kind: "Deployment",
    name: "fastapi-agent",
    paths: ["spec.template.spec.containers[0].image"],
  });
  assert.deepEqual(changeOf({ ...step, op: "create", detailedDiff: null })?.paths, []);
});

test("a replacement counts by its steps, once each", () => {
  const counted = ["create-replacement", "replace", "delete-replaced"].filter((op) =>
    changeOf({ ...step, op }),
  );
  assert.deepEqual(counted, ["create-replacement", "delete-replaced"]);
});

test("what changes nothing in the world is no change", () => {
  for (const op of ["same", "read", "refresh"]) assert.equal(changeOf({ ...step, op }), undefined);
  for (const type of [
    "pulumi:pulumi:Stack",
    "pulumi:providers:kubernetes",
    "slipway:index:AgentRelease",
  ]) {
    assert.equal(changeOf({ ...step, op: "create", type }), undefined, type);
  }
});
