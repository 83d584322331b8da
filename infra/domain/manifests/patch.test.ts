import assert from "node:assert/strict";
import { test } from "node:test";
import { objectOf, sampleObjects } from "../test/sample-stack.ts";
import { applyPatch } from "./patch.ts";

const deployment = () => objectOf(sampleObjects("dev"), "Deployment");
const apply = (patch: Record<string, unknown>, reason = "because") =>
  structuredClone(applyPatch(deployment(), { kind: "Deployment", reason, patch })) as ReturnType<
    typeof deployment
  >;

test("maps merge, null removes, and what is not named stays", () => {
  const { spec } = apply({ spec: { revisionHistoryLimit: 1, minReadySeconds: null } });
  assert.equal(spec.revisionHistoryLimit, 1);
  assert.ok(!("minReadySeconds" in spec));
  assert.deepEqual(spec.strategy, deployment().spec.strategy);
});

test("items of a list are found by their names, mounts by their paths; new ones are added", () => {
  const pod = {
    containers: [
      {
        name: "agent",
        tty: true,
        volumeMounts: [
          { mountPath: "/tmp", name: "tmp", readOnly: true },
          { mountPath: "/x", name: "x" },
        ],
      },
    ],
    volumes: [{ name: "x", emptyDir: {} }],
  };
  const { containers, volumes } = apply({ spec: { template: { spec: pod } } }).spec.template.spec;
  const before = deployment().spec.template.spec;
  assert.equal(containers.length, 1);
  assert.equal(containers[0].tty, true);
  assert.equal(containers[0].image, before.containers[0].image);
  assert.deepEqual(containers[0].volumeMounts, [
    { name: "tmp", mountPath: "/tmp", readOnly: true },
    ...before.containers[0].volumeMounts.slice(1),
    { mountPath: "/x", name: "x" },
  ]);
  assert.deepEqual(volumes, [...before.volumes, { name: "x", emptyDir: {} }]);
});

test("a list of plain values is replaced", () => {
  const drop = { capabilities: { drop: ["NET_RAW"] } };
  const containers = [{ name: "agent", securityContext: drop }];
  const { spec } = apply({ spec: { template: { spec: { containers } } } });
  assert.deepEqual(spec.template.spec.containers[0].securityContext.capabilities.drop, ["NET_RAW"]);
});

test("the object that was patched says so, beside what else it says, and with every reason", () => {
  const once = apply({}, "one");
  assert.equal(once.metadata.annotations["slipway.dev/patched"], "one");
  assert.equal(
    once.metadata.annotations["kube-score/ignore"],
    deployment().metadata.annotations["kube-score/ignore"],
  );
  const twice = applyPatch(once, { kind: "Deployment", reason: "two", patch: {} });
  assert.equal(twice.metadata.annotations?.["slipway.dev/patched"], "one; two");
});

test("only the object that a patch is for is changed, and what it was is left as it is", () => {
  const set = ["patches=[{kind: Service, reason: r, patch: {spec: {sessionAffinity: ClientIP}}}]"];
  const changed = sampleObjects("dev", set).filter(
    ({ metadata }) => metadata.annotations?.["slipway.dev/patched"],
  );
  assert.deepEqual(
    changed.map(({ kind }) => kind),
    ["Service"],
  );
  const before = deployment();
  const copy = structuredClone(before);
  applyPatch(before, { kind: "Deployment", reason: "r", patch: { spec: { paused: true } } });
  assert.deepEqual(before, copy);
});
