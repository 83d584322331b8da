import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleTexts } from "../test/sample-stack.ts";
import { contractEnvironment } from "./environment.ts";
import { parsePackage } from "./parse.ts";

const file = "infra/packages/fastapi-agent/package.yaml";
const text = sampleTexts()[file] ?? "";

test("the sample package declares what the chapter's agent promises", () => {
  const { name, agent, image } = parsePackage(file, text);
  assert.equal(name, "fastapi-agent");
  assert.equal(image.context, "app");
  assert.equal(agent.port, 8000);
  assert.deepEqual(agent.probes, {
    startup: "/health/startup",
    ready: "/health/ready",
    live: "/health/live",
  });
  assert.deepEqual(contractEnvironment(agent), {
    PORT: "8000",
    ADMIN_PORT: "8001",
    DRAIN_SECONDS: "5",
    LONGEST_TASK_SECONDS: "30",
    MAX_CONCURRENCY: "16",
  });
});

const mistakes: readonly (readonly [string, string, RegExp])[] = [
  ["version: 1.0.0", "version: 1.0", /:4:1: "version" must be a semantic version/],
  ["name: fastapi-agent", "name: Fast_API", /:3:1: "name" must be lower-case letters/],
  ["slipway.dev/v1", "slipway.dev/v9", /"apiVersion" must be one of slipway\.dev\/v1/],
  ["context: app", "context: ../app", /"image\.context" must be a folder inside the package/],
  ["context: app", "context: /etc", /"image\.context" must be a folder inside the package/],
  ["context: app", "contxt: app", /unknown key "image\.contxt"; did you mean "context"/],
  ["port: 8000", "port: 80", /"agent\.port" must be a port from 1024 to 65535, found 80/],
  ["    port: 8001", "    port: 8000", /must not be served on the public port/],
  ["seconds: 5", "seconds: soon", /"agent\.drain\.seconds" must be a whole number/],
  ["  port: 8000\n", "", /"agent\.probes\.live" is a path, but the agent has no "port"/],
  ["live: /health/live", "live: health", /"agent\.probes\.live" must be a path that starts/],
];

for (const [right, wrong, expected] of mistakes) {
  test(`"${wrong}" in a package is refused with its place`, () => {
    assert.ok(text.includes(right));
    assert.throws(() => parsePackage(file, text.replace(right, wrong)), {
      code: "invalid-input",
      message: expected,
    });
  });
}
