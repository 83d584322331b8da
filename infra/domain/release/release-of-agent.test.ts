import assert from "node:assert/strict";
import { test } from "node:test";
import { digestFor, sha256 } from "../test/sample-release.ts";
import { hashes, sampleStack } from "../test/sample-stack.ts";
import { releaseOfAgent, secretVersions } from "./release-of-agent.ts";

const [agent] = sampleStack("dev").agents;
if (agent === undefined) throw new Error("the sample stack has no agent");

const build = { image: `r@${digestFor("image")}`, platformDigest: digestFor("platform") };

test("everything that decides how an agent behaves is in its release", () => {
  const described = {
    ...agent,
    package: { ...agent.package, prompts: "prompts", model: "model.yaml", tools: "tools.yaml" },
    behaviour: { "prompts/a.md": "be kind", "model.yaml": "m", "tools.yaml": "t" },
  };
  const release = releaseOfAgent(described, build, sha256);
  const changed = {
    prompts: { ...described, behaviour: { ...described.behaviour, "prompts/a.md": "be short" } },
    model: { ...described, behaviour: { ...described.behaviour, "model.yaml": "n" } },
    tools: { ...described, behaviour: { ...described.behaviour, "tools.yaml": "u" } },
    config: { ...described, values: { ...agent.values, config: { LOG_LEVEL: "WARNING" } } },
    packageDigest: { ...described, package: { ...described.package, kubernetes: ">=1.31" } },
  };
  for (const [key, other] of Object.entries(changed)) {
    const { [key as "config"]: digest, ...rest } = releaseOfAgent(other, build, sha256);
    const { [key as "config"]: before, ...same } = release;
    assert.notEqual(digest, before, key);
    assert.deepEqual(rest, same, key);
  }
});

test("a package without prompts, model and tools has no digests of them", () => {
  const { prompts: _, model: __, tools: ___, ...pkg } = agent.package;
  const release = releaseOfAgent({ ...agent, package: pkg, behaviour: {} }, build, sha256);
  assert.ok(!("prompts" in release || "model" in release || "tools" in release));
});

test("a version tells a changed secret, and neither its value nor that two are equal", () => {
  const versions = secretVersions({ A: "hunter2", B: "hunter2" }, hashes.secret);
  assert.match(versions.A ?? "", /^[0-9a-f]{16}$/);
  assert.notEqual(versions.A, versions.B);
  assert.notEqual(secretVersions({ A: "hunter3" }, hashes.secret).A, versions.A);
  assert.deepEqual(secretVersions({ A: "hunter2" }, hashes.secret), { A: versions.A });
});
