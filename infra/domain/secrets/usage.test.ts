import assert from "node:assert/strict";
import { test } from "node:test";
import { completeStack } from "../manifests/complete.ts";
import { manifests } from "../manifests/manifests.ts";
import { secretVersions } from "../render/secret-versions.ts";
import { canary, hashes, sampleStack } from "../test/sample-stack.ts";
import { secretUsage, unclaimedSecrets } from "./usage.ts";

const stack = sampleStack("dev");
const keyed = hashes.secret;

test("the version of an agent's secrets is the one that its deployed Secret is named after", () => {
  for (const values of [{ OPENAI_API_KEY: canary }, { OPENAI_API_KEY: "" }, {}]) {
    const deployed = secretVersions(manifests(completeStack(stack, values), hashes));
    const used = secretUsage(stack.agents, { values, keyed });
    assert.deepEqual(
      Object.fromEntries(used.map(({ agent, version }) => [agent, version])),
      deployed,
    );
  }
});

test("each declared key says whether it has a value, and in which version, never which", () => {
  const [used] = secretUsage(stack.agents, { values: { OPENAI_API_KEY: canary }, keyed });
  const [key] = used?.keys ?? [];
  assert.equal(key?.set, true);
  assert.match(key?.version ?? "", /^[0-9a-f]{16}$/);
  assert.doesNotMatch(JSON.stringify(used), /canary/);
  const [empty] = secretUsage(stack.agents, { values: { OPENAI_API_KEY: "" }, keyed });
  assert.deepEqual(empty?.keys, [{ key: "OPENAI_API_KEY", need: "optional", set: false }]);
});

test("what cannot be read is not guessed", () => {
  assert.deepEqual(secretUsage(stack.agents, {}), [
    { agent: "fastapi-agent", keys: [{ key: "OPENAI_API_KEY", need: "optional" }] },
  ]);
  const [used] = secretUsage(stack.agents, { values: { OPENAI_API_KEY: canary } });
  assert.deepEqual(used?.keys, [{ key: "OPENAI_API_KEY", need: "optional", set: true }]);
  assert.equal(used?.version, undefined);
});

test("keys that no agent declares are found", () => {
  assert.deepEqual(unclaimedSecrets(stack.agents, ["OPENAI_API_KEY", "OPENAI_KEY"]), [
    "OPENAI_KEY",
  ]);
});
