import assert from "node:assert/strict";
import { test } from "node:test";
import { planStack } from "../stack/plan.ts";
import { sampleStack, sampleTexts } from "../test/sample-stack.ts";
import { completeStack } from "./complete.ts";

test("an agent gets the secrets that it declares; an empty one counts as absent", () => {
  const stack = sampleStack("dev");
  assert.deepEqual(completeStack(stack, { OPENAI_API_KEY: "x" }).agents[0]?.secrets, {
    OPENAI_API_KEY: "x",
  });
  assert.deepEqual(completeStack(stack, { OPENAI_API_KEY: "" }).agents[0]?.secrets, {});
  assert.deepEqual(completeStack(stack, {}).agents[0]?.secrets, {});
});

test("a required secret that is absent or empty is refused", () => {
  const stack = sampleStack("prod", {}, ["secrets.OPENAI_API_KEY=required"]);
  for (const secrets of [{}, { OPENAI_API_KEY: "" }]) {
    assert.throws(() => completeStack(stack, secrets), {
      code: "invalid-input",
      message: /stacks\/\.env\.prod: OPENAI_API_KEY is missing or empty/,
    });
  }
});

test("a misspelt secret is refused instead of ignored, and its value is not repeated", () => {
  assert.throws(
    () => completeStack(sampleStack("dev"), { OPENAI_API_KEZ: "canary" }),
    ({ message }: Error) => {
      assert.match(message, /OPENAI_API_KEZ .* did you mean "OPENAI_API_KEY"\?/);
      return !message.includes("canary");
    },
  );
});

test("an agent that was never released cannot be deployed", () => {
  const { "stacks/dev/fastapi-agent/release.json": _, ...texts } = sampleTexts();
  const stack = planStack({ environment: "dev", texts });
  assert.throws(() => completeStack(stack, {}), {
    code: "no-release",
    hint: "npx slipway build fastapi-agent",
  });
});
