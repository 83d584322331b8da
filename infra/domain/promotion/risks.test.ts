import assert from "node:assert/strict";
import { test } from "node:test";
import { environments, objectOf, sampleObjects } from "../test/sample-stack.ts";
import { failingScores } from "./evals.ts";
import { objectRisks, versionRisks } from "./risks.ts";
import { settingChanges } from "./setting-changes.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into objects whose types say nothing.
type Any = any;

const before = sampleObjects("prod");

/** The risks of one change of the sample agent's objects. */
function risksOf(change: (objects: Any[]) => void): readonly string[] {
  const after: Any[] = structuredClone([...before]);
  change(after);
  return objectRisks(before, after).map(({ tag, object }) => `${tag} ${object.split(" ")[0]}`);
}

const of = (objects: Any[], kind: string) =>
  objects.find((each) => each.kind === kind && each.metadata.name.startsWith("fastapi-agent"));

const remove = (objects: Any[], kind: string) =>
  objects.splice(objects.indexOf(of(objects, kind)), 1);

const rename = (object: Any) => {
  object.metadata.name = object.metadata.name.replace(/[0-9a-f]{10}$/, "0123456789");
};

const changes: readonly (readonly [string, (objects: Any[]) => void, readonly string[]])[] = [
  ["nothing", () => {}, []],
  ["a label", (all) => (of(all, "Deployment").metadata.labels.owner = "x"), []],
  [
    "another image",
    (all) => (of(all, "Deployment").spec.template.spec.containers[0].image = "r@x"),
    [],
  ],
  ["an object more", (all) => all.push({ ...of(all, "ServiceAccount"), kind: "Role" }), []],
  [
    "an object that goes",
    (all) => remove(all, "PodDisruptionBudget"),
    ["delete PodDisruptionBudget"],
  ],
  [
    "another selector",
    (all) => (of(all, "Deployment").spec.selector.matchLabels.x = "y"),
    ["selector-change Deployment"],
  ],
  ["settings under a new name", (all) => rename(of(all, "ConfigMap")), []],
  [
    "settings under the same name",
    (all) => (of(all, "ConfigMap").data.NEW = "1"),
    ["replacement ConfigMap"],
  ],
  ["another type of Secret", (all) => (of(all, "Secret").type = "x"), ["replacement Secret"]],
  [
    "a secret less, under a new name",
    (all) => {
      rename(of(all, "Secret"));
      of(all, "Secret").data = {};
    },
    ["secret-removal Secret"],
  ],
  [
    "no secrets any more",
    (all) => remove(all, "Secret"),
    ["delete Secret", "secret-removal Secret"],
  ],
  ["one pod more", (all) => (of(all, "HorizontalPodAutoscaler").spec.minReplicas += 1), []],
  [
    "ten times the pods",
    (all) => (of(all, "HorizontalPodAutoscaler").spec.maxReplicas *= 10),
    ["replica-jump HorizontalPodAutoscaler"],
  ],
  [
    "half of the pods",
    (all) => (of(all, "HorizontalPodAutoscaler").spec.maxReplicas /= 2),
    ["replica-jump HorizontalPodAutoscaler"],
  ],
];

for (const [what, change, expected] of changes) {
  test(`${what}: ${expected.join(", ") || "no risk"}`, () => {
    assert.deepEqual(risksOf(change), expected);
  });
}

test("the first release of an environment carries no risk, and the last one that goes all of it", () => {
  for (const environment of environments) {
    const objects = sampleObjects(environment);
    assert.deepEqual(objectRisks([], objects), []);
    assert.deepEqual(objectRisks(objects, objects), []);
    const deleted = objectRisks(objects, []).filter(({ tag }) => tag === "delete");
    assert.equal(deleted.length, objects.length);
  }
});

test("no risk shows the value of a secret", () => {
  const secret = objectOf(before, "Secret");
  const [value] = Object.values(secret.data) as string[];
  assert.ok(value && !JSON.stringify(objectRisks(before, [])).includes(value));
});

test("an older version is told, by its numbers and not as text", () => {
  assert.deepEqual(versionRisks("a", "1.9.0", "1.10.0"), []);
  assert.deepEqual(versionRisks("a", "1.9.0", "1.9.0+build"), []);
  assert.equal(versionRisks("a", "1.10.0", "1.9.0")[0]?.tag, "image-downgrade");
  assert.equal(versionRisks("a", "1.0.0", "1.0.0-rc.1")[0]?.tag, "image-downgrade");
});

test("settings that differ are told by key, and those that come or go have one side", () => {
  const changed = settingChanges(
    { replicas: { min: 1, max: 2 }, config: { A: "1", B: "2" }, list: [1] },
    { replicas: { min: 1, max: 3 }, config: { B: "2", C: "3" }, list: [1] },
  );
  assert.deepEqual(changed, [
    { key: "config.A", before: "1" },
    { key: "config.C", after: "3" },
    { key: "replicas.max", before: 2, after: 3 },
  ]);
});

const scores: readonly (readonly [object, object, readonly RegExp[]])[] = [
  [{ q: 0.8 }, {}, []],
  [{ q: 0.79 }, {}, [/q is 0\.79, at least 0\.8/]],
  [{}, { q: 0.9 }, [/q has no score/]],
  [{ q: 0.85 }, { q: 0.9 }, []],
  [{ q: 0.84 }, { q: 0.9 }, [/q fell from 0\.9 to 0\.84, by more than 0\.05/]],
];

for (const [score, good, expected] of scores) {
  test(`scores ${JSON.stringify(score)} after ${JSON.stringify(good)}`, () => {
    const found = failingScores(
      { q: { minimum: 0.8, maximumDrop: 0.05 } },
      { ...score },
      { ...good },
    );
    assert.equal(found.length, expected.length);
    for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? "", pattern);
  });
}
