import assert from "node:assert/strict";
import { test } from "node:test";
import { mockStack } from "../components/testing/mock-stack.ts";
import type { BuildPlan } from "./plan.ts";
import { buildProgram } from "./program.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const repository = "localhost:5000/fastapi-agent";

const plan = (builder: BuildPlan["builder"]): BuildPlan => ({
  agent: "fastapi-agent",
  builder,
  image: {
    context: "/somewhere",
    dockerfile: "/somewhere/Dockerfile",
    repository,
    tag: "1.0.0-0123456789abcdef",
    platform: "linux/amd64",
  },
});

const state = () => ({ digest, repoDigest: `${repository}@${digest}` });

for (const [kind, builder, type] of [
  ["docker", "docker", "docker:index/image:Image"],
  ["BuildKit", { buildkit: "unix:///run/buildkitd.sock" }, "docker-build:index:Image"],
] as const) {
  test(`the stack of an agent holds its image, built with ${kind}, and exports its digest`, async () => {
    const { resources, outputs } = await mockStack(() => buildProgram(plan(builder)), { state });
    assert.deepEqual(outputs, { image: `${repository}@${digest}` });
    assert.deepEqual(
      [...resources.keys()],
      ["slipway:index:AgentImage::fastapi-agent", `${type}::fastapi-agent`],
    );
  });
}
