import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../adapters/paths.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { driftOf } from "./drift.ts";
import { ownedFields, owns, type Writer } from "./managed-fields.ts";
import { takeBack } from "./take-back.ts";

/** What kubectl 1.34 left behind when it edited, labelled, patched, restarted, added and deleted. */
const edited: { desired: KubernetesObject[]; live: KubernetesObject[] } = JSON.parse(
  readFileSync(join(root, "infra/domain/live/golden/edited-by-hand.json"), "utf8"),
);

// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into objects whose types say nothing.
const find = (objects: readonly KubernetesObject[], kind: string): any =>
  structuredClone(objects.find((each) => each.kind === kind));

const pair = (kind: string) => ({
  desired: find(edited.desired, kind),
  live: find(edited.live, kind),
});

const engine = "pulumi-kubernetes-1a2b3c4d";

test("what others wrote belongs to the engine then, and what the cluster wrote to the cluster", () => {
  const { desired, live } = pair("Deployment");
  const writers = driftOf([desired], [live]).flatMap(({ by }) => by ?? []);
  const taken = takeBack(desired, live, writers);
  assert.equal(taken?.manager, engine);
  const owned = ownedFields({ metadata: { managedFields: taken?.managedFields } });
  assert.deepEqual(
    owned.map(({ writer }) => writer.manager),
    [engine, "kube-controller-manager"],
  );
  const [own] = owned;
  for (const at of [
    ["spec", "minReadySeconds"],
    ["spec", "template", "spec", "hostname"],
    ["spec", "template", "spec", "containers", 0, "image"],
    ["spec", "template", "spec", "containers", 0, "env", 4],
  ]) {
    assert.ok(owns(own?.fields ?? {}, live, at), at.join("."));
  }
});

test("who wrote nothing that differs keeps what is his", () => {
  const { desired, live } = pair("Deployment");
  const taken = takeBack(desired, live, []);
  assert.deepEqual(taken?.managedFields, live.metadata.managedFields);
});

test("the number of pods stays, and nobody owns it", () => {
  const { desired, live } = pair("Deployment");
  const by = (manager: string, extra: object = {}) => ({ manager, operation: "Update", ...extra });
  const writers: Writer[] = [by("kubectl", { subresource: "scale" }), by("kubectl-edit")];
  const fieldsV1 = { "f:spec": { "f:replicas": {} } };
  live.metadata.managedFields = [
    live.metadata.managedFields[0],
    ...writers.map((writer) => ({ ...writer, fieldsV1 })),
  ];
  const managedFields = takeBack(desired, live, writers)?.managedFields;
  assert.deepEqual(managedFields, [live.metadata.managedFields[0]]);
});

test("a Secret is applied with the data that it has, and an object with the engine's notes", () => {
  const { desired, live } = pair("Secret");
  const { data, ...withoutData } = desired;
  live.metadata.annotations = { "pulumi.com/skipAwait": "true", note: "mine" };
  const object = takeBack(withoutData, live, [])?.object;
  assert.deepEqual(object?.data, data);
  assert.deepEqual(object?.metadata.annotations, { "pulumi.com/skipAwait": "true" });
});

test("an object that the engine has not made is not taken", () => {
  const { desired, live } = pair("ConfigMap");
  live.metadata.managedFields = live.metadata.managedFields.slice(1);
  assert.equal(takeBack(desired, live, []), undefined);
});
