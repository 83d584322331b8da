import assert from "node:assert/strict";
import { test } from "node:test";
import { completeStack } from "../manifests/complete.ts";
import { environments, sampleStack } from "../test/sample-stack.ts";
import { lintStack } from "./lint.ts";
import { agentRules, stackRules } from "./rules.ts";
import { contentBreaches } from "./test/content-breaches.ts";
import { fixtureObjects, type Opened, open } from "./test/fixtures.ts";
import { networkBreaches } from "./test/network-breaches.ts";
import { podBreaches } from "./test/pod-breaches.ts";
import { workloadBreaches } from "./test/workload-breaches.ts";
import { waiverPages } from "./waivers.ts";

const breaches = [...podBreaches, ...workloadBreaches, ...networkBreaches, ...contentBreaches];

const rules = [...stackRules, ...agentRules];

/** Ids of the rules that objects of a stack break, each once. */
function broken(environment: string, change: (opened: Opened) => void): readonly string[] {
  const opened = open(fixtureObjects(environment));
  change(opened);
  const input = completeStack(sampleStack(environment), {});
  const agents = input.agents.map((agent) => ({
    ...agent,
    package: { ...agent.package, dependencies: opened.dependencies },
  }));
  const objects = opened.objects;
  const report = lintStack({
    ...input,
    agents,
    objects,
    locks: {},
    waivers: [],
    today: "2030-01-01",
  });
  // The sample's dev lets every address in, and says so in a waiver.
  const known = environment === "dev" ? ["SLW049"] : [];
  const found = new Set(report.findings.map(({ rule }) => rule));
  return [...found].filter((rule) => !known.includes(rule)).sort();
}

test("the objects that every fixture starts from break no rule, in any environment", () => {
  for (const environment of environments) {
    assert.deepEqual(
      broken(environment, () => {}),
      [],
      environment,
    );
  }
});

test("every rule has a fixture that breaks it", () => {
  const broken = new Set(breaches.map(({ rule }) => rule));
  assert.deepEqual([...broken].sort(), rules.map(({ id }) => id).sort());
});

for (const { rule, what, break: change, also = [] } of breaches) {
  test(`${what} breaks ${rule} and nothing else`, () => {
    for (const environment of environments) {
      if (rule === "SLW049" && environment === "dev") continue;
      assert.deepEqual(broken(environment, change), [rule, ...also].sort(), environment);
    }
  });
}

test("objects that are bent out of shape are findings, not a crash", () => {
  const shapes: readonly unknown[] = [null, "text", 3, [null], [[]], {}, { a: null }];
  for (const shape of shapes) {
    broken("dev", ({ deployment, template, pod, policy, service, autoscaler, settings }) => {
      const held = [deployment.spec, pod, pod.containers[0], policy.spec, service.spec];
      for (const holder of [...held, autoscaler.spec, template]) {
        for (const field of Object.keys(holder)) {
          if (field !== "containers") holder[field] = shape;
        }
      }
      settings.data = shape;
    });
  }
});

test("each rule explains itself, and no two have one id", () => {
  for (const { id, title, why, fix, severity } of [...rules, ...waiverPages]) {
    assert.match(id, /^SLW\d{3}$/);
    assert.match(severity, /^(error|warning)$/);
    assert.ok(title.length > 10 && !title.endsWith("."), id);
    assert.match(why, /\.$/, id);
    assert.ok(fix.length > 5, id);
  }
  const ids = rules.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});
