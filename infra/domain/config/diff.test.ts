import assert from "node:assert/strict";
import { test } from "node:test";
import { hashes, sampleStack } from "../test/sample-stack.ts";
import { type Comparison, diff } from "./diff.ts";

const side = (
  environment: string,
  secrets?: Readonly<Record<string, string>>,
  set: readonly string[] = [],
) => ({ stack: sampleStack(environment, {}, set), ...(secrets && { secrets }) });

function compared(changes: Partial<Comparison> = {}) {
  const comparison = { left: side("staging"), right: side("prod"), allowed: [] };
  return diff({ ...comparison, fingerprint: hashes.secret, ...changes });
}

const find = (changes: Partial<Comparison>, name: string) =>
  compared(changes).differences.find((one) => one.name === name);

test("values, releases and what the pipeline says are compared as they resolve", () => {
  assert.deepEqual(find({}, "fastapi-agent:replicas.min"), {
    name: "fastapi-agent:replicas.min",
    left: 2,
    right: 3,
    allowed: false,
  });
  assert.equal(find({}, "environment.namespace")?.right, "agents-prod");
  const [agent] = side("prod").stack.agents;
  assert.ok(agent?.release);
  const other = { ...agent, release: { ...agent.release, version: "2.0.0" } };
  const right = { stack: { ...side("prod").stack, agents: [other] } };
  assert.equal(find({ right }, "fastapi-agent:release.version")?.right, "2.0.0");
});

test("of two releases with the same contents, the hashes of either environment are no difference", () => {
  const [agent] = side("prod").stack.agents;
  assert.ok(agent?.release);
  const release = { ...agent.release, hash: "sha256:1", config: "sha256:2", replaces: "sha256:3" };
  const right = { stack: { ...side("prod").stack, agents: [{ ...agent, release }] } };
  const names = compared({ right }).differences.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name) => name.includes(":release.")),
    [],
  );
});

test("an environment does not differ from itself", () => {
  assert.deepEqual(compared({ right: side("staging") }).differences, []);
});

test("a side that does not have a key leaves it out", () => {
  const left = side("staging", undefined, ["labels.partOf=null"]);
  assert.deepEqual(find({ left }, "fastapi-agent:labels.partOf"), {
    name: "fastapi-agent:labels.partOf",
    right: "ai-agents",
    allowed: false,
  });
});

test("an allowed key covers what is below it, of all agents or of one", () => {
  const name = "fastapi-agent:replicas.min";
  for (const allowed of ["replicas", "replicas.min", "fastapi-agent:replicas"]) {
    assert.equal(find({ allowed: [allowed] }, name)?.allowed, true, allowed);
  }
  for (const allowed of ["replica", "replicas.max", "other:replicas", "replicas.min.x", ""]) {
    assert.equal(find({ allowed: [allowed] }, name)?.allowed, false, allowed);
  }
  assert.equal(find({ allowed: ["environment"] }, "environment.quota.pods")?.allowed, true);
});

test("an agent that one side does not run is one difference", () => {
  const right = { stack: { ...side("prod").stack, agents: [] } };
  const { differences } = compared({ right, agent: "fastapi-agent" });
  assert.deepEqual(differences, [{ name: "fastapi-agent:runs", left: true, allowed: false }]);
});

test("secrets are told the same or different, and nothing of them shows", () => {
  const key = { OPENAI_API_KEY: "canary-value" };
  const verdict = (left?: Record<string, string>, right?: Record<string, string>) => {
    const { secrets } = compared({ left: side("staging", left), right: side("prod", right) });
    assert.doesNotMatch(JSON.stringify(secrets), /canary/);
    assert.equal(secrets[0]?.name, "fastapi-agent:secrets.OPENAI_API_KEY.value");
    return secrets[0]?.verdict;
  };
  assert.equal(verdict(key, { ...key }), "same");
  assert.equal(verdict(key, { OPENAI_API_KEY: "canary-other" }), "different");
  assert.equal(verdict(key, {}), "different");
  assert.equal(verdict({}, {}), "same");
  assert.equal(verdict(key, undefined), "unknown");
});

test("an agent that neither side runs is refused with what was meant", () => {
  assert.throws(() => compared({ agent: "fastapi" }), { code: "unknown-agent" });
});
