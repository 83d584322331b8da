import assert from "node:assert/strict";
import { test } from "node:test";
import { readOverrides } from "./overrides.ts";

test("assignments become one layer, with the types that YAML gives them", () => {
  const { value } = readOverrides([
    "replicas.min=3",
    "replicas.max=5",
    "service.nodePort=null",
    "networkPolicy.ingress.cidrs=[10.0.0.0/8]",
    "labels.owner=a=b",
  ]);
  assert.deepEqual(value, {
    replicas: { min: 3, max: 5 },
    service: { nodePort: null },
    networkPolicy: { ingress: { cidrs: ["10.0.0.0/8"] } },
    labels: { owner: "a=b" },
  });
});

test("settings are text even when they look like numbers, and null still removes them", () => {
  const { value } = readOverrides(["config.RETRIES=3", "config.DEBUG=true", "config.OLD=null"]);
  assert.deepEqual(value, { config: { RETRIES: "3", DEBUG: "true", OLD: null } });
});

test("what is no assignment is refused without repeating it", () => {
  const canary = "sk-canary";
  const { problems } = readOverrides([canary, "=1", "a..b=1", `a=[${canary}`]);
  assert.equal(problems.length, 4);
  assert.doesNotMatch(JSON.stringify(problems), new RegExp(canary));
});
