import assert from "node:assert/strict";
import { test } from "node:test";
import { planStack } from "../stack/plan.ts";
import { randomTexts } from "../test/random-stacks.ts";
import { hashes } from "../test/sample-stack.ts";
import { completeStack } from "./complete.ts";
import { namespacedKinds } from "./kinds.ts";
import { manifests } from "./manifests.ts";

test("the kinds are those of what agents can have, no more and no less", () => {
  const made = new Map<string, string>();
  for (let seed = 0; seed < 20; seed++) {
    const texts = randomTexts(`kinds ${seed}`, ["dev"]);
    const stack = planStack({ environment: "dev", texts });
    const keys = stack.agents.flatMap(({ values }) => Object.keys(values.secrets));
    const secrets = Object.fromEntries(keys.map((key) => [key, "x"]));
    for (const { kind, apiVersion, metadata } of manifests(completeStack(stack, secrets), hashes)) {
      if (metadata.namespace !== undefined) made.set(kind, apiVersion);
    }
  }
  assert.deepEqual(Object.fromEntries(made), { ...namespacedKinds });
});
