import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../errors.ts";
import { planStack } from "../stack/plan.ts";
import { objectOf, sampleObjects, sampleTexts } from "../test/sample-stack.ts";
import { type Explanation, explain } from "./explain.ts";

const own = "stacks/prod/fastapi-agent/values.yaml";
const shared = "stacks/prod/values.yaml";
const defaults = "infra/packages/fastapi-agent/values.yaml";

function explained(
  key: string | undefined,
  changes: Readonly<Record<string, string>> = {},
  set: readonly string[] = [],
): readonly Explanation[] {
  const texts = sampleTexts({ [own]: "", [shared]: "", [defaults]: "", ...changes });
  const stack = planStack({ environment: "prod", texts, set });
  return explain(stack, { agent: "fastapi-agent", texts, set, ...(key !== undefined && { key }) });
}

test("the layer, line and column that decided are told, and all that they hide, highest first", () => {
  const [memory] = explained(
    "resources.limits.memory",
    {
      [defaults]: "resources: { limits: { memory: 300Mi } }\n",
      [shared]: "# a comment\nresources:\n  limits:\n    memory: 400Mi\n",
    },
    ["resources.limits.memory=500Mi"],
  );
  assert.deepEqual(memory, {
    key: "resources.limits.memory",
    value: "500Mi",
    decided: { layer: "--set", value: "500Mi" },
    hidden: [
      { layer: shared, line: 4, column: 5, value: "400Mi" },
      { layer: defaults, line: 1, column: 24, value: "300Mi" },
      { layer: "built-in default", value: "256Mi" },
    ],
  });
});

test("a removal decides as a value does, also that of a map around the key", () => {
  const changes = {
    [defaults]: "config: { LOG_LEVEL: INFO }\nlabels: { owner: me }\n",
    [own]: "config:\n  LOG_LEVEL: null\n",
  };
  const [level] = explained("config.LOG_LEVEL", changes);
  assert.deepEqual(level, {
    key: "config.LOG_LEVEL",
    decided: { layer: own, line: 2, column: 3 },
    hidden: [{ layer: defaults, line: 1, column: 11, value: "INFO" }],
  });
  const [cpu] = explained("resources.limits.cpu", {}, ["resources.limits.cpu=null"]);
  assert.deepEqual(cpu?.decided, { layer: "--set" });
  assert.ok(cpu && !("value" in cpu));
});

test("what follows from the package tells from which numbers, where they are, and how", () => {
  const [grace] = explained("terminationGraceSeconds");
  assert.equal(grace?.key, "overrides.terminationGraceSeconds");
  assert.equal(grace?.derived?.value, 45);
  assert.deepEqual(
    grace?.derived?.from.map(({ key, value, line }) => [key, value, line !== undefined]),
    [
      ["agent.drain.seconds", 5, true],
      ["agent.longestTaskSeconds", 30, true],
    ],
  );
  const [overridden] = explained("terminationGraceSeconds", {
    [own]: "overrides: { terminationGraceSeconds: 60 }\n",
  });
  assert.equal(overridden?.value, 60);
  assert.equal(overridden?.derived, undefined);
});

test("what is said to follow is what the objects have", () => {
  const objects = sampleObjects("prod");
  const { spec } = objectOf(objects, "Deployment");
  const found: Readonly<Record<string, unknown>> = {
    "autoscaling.signal": objectOf(objects, "HorizontalPodAutoscaler").spec.metrics[0].resource
      .name,
    "overrides.maxUnavailable": objectOf(objects, "PodDisruptionBudget").spec.maxUnavailable,
    "overrides.progressDeadlineSeconds": spec.progressDeadlineSeconds,
    "overrides.startupPeriodSeconds": spec.template.spec.containers[0].startupProbe.periodSeconds,
    "overrides.terminationGraceSeconds": spec.template.spec.terminationGracePeriodSeconds,
    "labels.partOf": "fastapi-agent",
  };
  const derived = explained(undefined).filter((one) => one.derived);
  assert.deepEqual(Object.fromEntries(derived.map((one) => [one.key, one.derived?.value])), found);
});

test("without a key every value is explained; with the start of several, all of these", () => {
  const all = explained(undefined);
  assert.ok(all.length > 25);
  for (const { key, value, decided, derived } of all) {
    assert.ok(value !== undefined || derived !== undefined, `${key} has no value`);
    assert.ok(decided !== undefined || derived !== undefined, `${key} comes from nowhere`);
  }
  assert.deepEqual(
    explained("replicas").map(({ key }) => key),
    ["replicas.max", "replicas.min"],
  );
});

test("a key that no layer sets is known, and an unknown one finds what was meant", () => {
  assert.deepEqual(explained("ingress.host"), [{ key: "ingress.host", hidden: [] }]);
  for (const [key, meant] of [
    ["resources.limit.memory", /did you mean "resources.limits.memory"/],
    ["replica", /did you mean "replicas"/],
    ["nonsense", /there is no key "nonsense"$/],
  ] as const) {
    assert.throws(() => explained(key), { code: "unknown-key", message: meant });
  }
});

test("an agent that does not run there is refused with those that do", () => {
  const texts = sampleTexts();
  const stack = planStack({ environment: "dev", texts });
  assert.throws(
    () => explain(stack, { agent: "fastapi-agnet", texts }),
    (error) =>
      error instanceof UserError &&
      error.code === "unknown-agent" &&
      /did you mean "fastapi-agent"/.test(error.message),
  );
});
