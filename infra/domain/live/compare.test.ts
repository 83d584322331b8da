import assert from "node:assert/strict";
import { test } from "node:test";
import { canary, environments, objectOf, sampleObjects } from "../test/sample-stack.ts";
import { compareObject } from "./compare.ts";

const deployment = () => objectOf(sampleObjects("dev"), "Deployment");

/** What the API server makes of an object: defaults, status, its own way to write amounts. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into objects whose types say nothing.
function served(object: any): any {
  return {
    ...structuredClone(object),
    metadata: { ...structuredClone(object.metadata), uid: "1", resourceVersion: "7" },
    status: { anything: true },
  };
}

test("an object is what was set, whatever the API server adds to it", () => {
  for (const environment of environments) {
    for (const object of sampleObjects(environment)) {
      assert.deepEqual(compareObject(object, served(object)), [], object.kind);
    }
  }
});

test("amounts that are written in another way, and what others added, are no differences", () => {
  const live = served(deployment());
  const { spec } = live.spec.template;
  live.spec.replicas = 3;
  live.metadata.annotations["deployment.kubernetes.io/revision"] = "4";
  spec.containers[0].resources.limits = {
    cpu: "1000m",
    memory: "262144Ki",
    "ephemeral-storage": "0.25Gi",
  };
  spec.containers[0].env.unshift({ name: "INJECTED", value: "x" });
  spec.containers.push({ name: "sidecar" });
  spec.schedulerName = "default-scheduler";
  assert.deepEqual(compareObject(deployment(), live), []);
});

test("every field that no longer holds is named by its path", () => {
  const live = served(deployment());
  const { spec } = live.spec.template;
  spec.containers[0].image = "other";
  const drain = spec.containers[0].env.find(
    ({ name }: { name: string }) => name === "DRAIN_SECONDS",
  );
  drain.value = "0";
  spec.containers[0].resources.limits.memory = "1Gi";
  delete live.metadata.labels.owner;
  spec.topologySpreadConstraints = [];
  assert.deepEqual(
    compareObject(deployment(), live).map(({ path }) => path),
    [
      "metadata.labels.owner",
      "spec.template.spec.topologySpreadConstraints",
      "spec.template.spec.containers[agent].image",
      "spec.template.spec.containers[agent].env[DRAIN_SECONDS].value",
      "spec.template.spec.containers[agent].resources.limits.memory",
    ],
  );
});

test("a difference shows what was set and what is there", () => {
  const live = served(deployment());
  live.spec.minReadySeconds = 9;
  assert.deepEqual(compareObject(deployment(), live), [
    { path: "spec.minReadySeconds", desired: "2", live: "9" },
  ]);
});

test("only the first differences are returned", () => {
  assert.equal(compareObject(deployment(), {}, 2).length, 2);
});

test("an object that is absent or being deleted is different", () => {
  assert.deepEqual(compareObject(deployment(), undefined), [{ path: "" }]);
  const live = served(deployment());
  live.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
  assert.deepEqual(compareObject(deployment(), live), [{ path: "metadata.deletionTimestamp" }]);
});

test("no value of a Secret is shown, in either direction", () => {
  const secret = objectOf(sampleObjects("dev"), "Secret");
  const live = served(secret);
  live.data.OPENAI_API_KEY = Buffer.from("another secret").toString("base64");
  const differences = compareObject(secret, live);
  assert.deepEqual(differences, [{ path: "data.OPENAI_API_KEY" }]);
  const encoded = Buffer.from(canary).toString("base64");
  assert.ok(!JSON.stringify(differences).includes(encoded));
});

test("an empty Secret that the API server returns without data is as it was set", () => {
  const secret = objectOf(sampleObjects("dev", [], {}), "Secret");
  const { data: _, ...live } = served(secret);
  assert.deepEqual(compareObject(secret, live), []);
});

test("two mounts of one volume are told apart by their paths", () => {
  const mounted = () =>
    objectOf(sampleObjects("dev", ['files={"/srv/a": a, "/srv/b": b}']), "Deployment");
  const live = served(mounted());
  assert.deepEqual(compareObject(mounted(), live), []);
  live.spec.template.spec.containers[0].volumeMounts.pop();
  assert.match(compareObject(mounted(), live)[0]?.path ?? "", /volumeMounts\[\/srv\/b\]/);
});
