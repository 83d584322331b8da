import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../adapters/paths.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { Location } from "./compare.ts";
import { ownedBeyond, ownedFields, owns } from "./managed-fields.ts";

const samples: { desired: KubernetesObject[]; live: KubernetesObject[] } = JSON.parse(
  readFileSync(join(root, "infra/domain/live/golden/edited-by-hand.json"), "utf8"),
);

const sample = (kind: string) => {
  const of = (objects: readonly KubernetesObject[]) => objects.find((each) => each.kind === kind);
  const live = of(samples.live);
  const fields = (manager: string) =>
    ownedFields(live).find(({ writer }) => writer.manager.startsWith(manager))?.fields ?? {};
  return { live, desired: of(samples.desired), fields };
};

const containers = ["spec", "template", "spec", "containers", 0];

const places: readonly (readonly [string, string, Location, boolean])[] = [
  ["a field", "kubectl-edit", ["spec", "minReadySeconds"], true],
  ["a map of which a part is owned", "kubectl-edit", ["spec", "template"], true],
  ["a field of a list item", "kubectl-edit", [...containers, "resources", "limits", "cpu"], true],
  [
    "what is in a list that is owned whole",
    "kubectl-edit",
    ["spec", "template", "spec", "tolerations", 0, "key"],
    true,
  ],
  ["a list item by its name", "kubectl-set", [...containers, "env", 4], true],
  ["another item of that list", "kubectl-set", [...containers, "env", 0], false],
  ["a list item by two keys", "pulumi", [...containers, "ports", 0, "name"], true],
  ["a field of somebody else", "kubectl-rollout", ["spec", "minReadySeconds"], false],
  [
    "a key with dots",
    "kubectl-rollout",
    ["spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"],
    true,
  ],
];

for (const [what, manager, at, expected] of places) {
  test(`${what} ${expected ? "belongs" : "does not belong"} to ${manager}`, () => {
    const { live, fields } = sample("Deployment");
    assert.equal(owns(fields(manager), live, at), expected);
  });
}

test("writers are told with operation, subresource and time", () => {
  assert.deepEqual(
    ownedFields(sample("Deployment").live).map(({ writer }) => Object.values(writer).slice(0, 2)),
    [
      ["pulumi-kubernetes-1a2b3c4d", "Apply"],
      ["kubectl-edit", "Update"],
      ["kubectl-rollout", "Update"],
      ["kube-controller-manager", "Update"],
      ["kubectl-set", "Update"],
    ],
  );
  assert.equal(
    ownedFields(sample("HorizontalPodAutoscaler").live)[1]?.writer.subresource,
    "status",
  );
});

test("who applied an object owns nothing beyond what was set", () => {
  for (const desired of samples.desired) {
    const live = samples.live.find(
      ({ kind, metadata }) => kind === desired.kind && metadata.name === desired.metadata.name,
    );
    const own = ownedFields(live).find(({ writer }) => writer.manager.startsWith("pulumi"));
    assert.deepEqual([...ownedBeyond(own?.fields ?? {}, desired, live)], [], desired.kind);
  }
});

const beyond: readonly (readonly [string, object, object, object, readonly string[]])[] = [
  [
    "each key of a map",
    { "f:a": { ".": {}, "f:b": {}, "f:c": {} } },
    {},
    { a: { b: 1, c: 2 } },
    ["a.b", "a.c"],
  ],
  ["a map without keys", { "f:a": { ".": {} } }, {}, { a: {} }, ["a"]],
  [
    "the value of a set",
    { "f:a": { 'v:"x"': {}, 'v:"y"': {} } },
    { a: ["x"] },
    { a: ["x", "y"] },
    ["a[1]"],
  ],
  ["an item by its index", { "f:a": { "i:1": {} } }, { a: [0] }, { a: [0, 1] }, ["a[1]"]],
  [
    "not an item that was set without a key that has a default",
    { "f:a": { 'k:{"port":1,"protocol":"TCP"}': { ".": {}, "f:port": {} } } },
    { a: [{ port: 1 }] },
    { a: [{ port: 1, protocol: "TCP" }] },
    [],
  ],
  ["nothing that is gone again", { "f:a": {}, "f:b": { 'v:"x"': {} } }, {}, { b: [] }, []],
  ["nothing of a prototype", { "f:constructor": {} }, {}, {}, []],
];

for (const [what, fields, desired, live, paths] of beyond) {
  test(`beyond what was set: ${what}`, () => {
    const found = [...ownedBeyond({ ...fields }, desired, live)];
    assert.deepEqual(
      found.map(({ path }) => path),
      paths,
    );
  });
}

test("an object without managed fields, and keys that nobody knows, have no owner", () => {
  assert.deepEqual(ownedFields({ metadata: {} }), []);
  assert.deepEqual(ownedFields(undefined), []);
  assert.ok(!owns({ "x:a": {} }, { a: 1 }, ["a"]));
});
