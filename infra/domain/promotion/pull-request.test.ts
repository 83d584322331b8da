import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleRelease } from "../test/sample-release.ts";
import type { PlannedAgent } from "./promotion.ts";
import { promotionRequest } from "./pull-request.ts";

const agent: PlannedAgent = {
  name: "fastapi-agent",
  release: sampleRelease("one", { replaces: sampleRelease("two").hash }),
  settings: [{ key: "config.LOG_LEVEL", before: "INFO", after: "a|b `c`\nd" }],
  risks: [{ tag: "replica-jump", object: "Deployment fastapi-agent", detail: "2 to 6 pods" }],
  skipped: [],
};

const request = (...agents: PlannedAgent[]) =>
  promotionRequest({ from: "dev", to: "staging", agents });

test("a reviewer sees where it goes, what is risky and what changes", () => {
  const { title, body } = request(agent);
  assert.equal(title, "Release fastapi-agent 1.0.0 to staging");
  assert.match(body, /^Merging this releases to \*\*staging\*\* .* \*\*1 risk\*\* to look at\.\n/);
  assert.match(body, /\| image \| `localhost:5000\/fastapi-agent@sha256:[0-9a-f]{64}` \|/);
  assert.match(body, /^- \*\*replica-jump\*\* `Deployment fastapi-agent`: `2 to 6 pods`$/m);
});

test("a value stays in its cell, whatever it holds", () => {
  const line = request(agent)
    .body.split("\n")
    .find((one) => one.includes("LOG_LEVEL"));
  assert.equal(line, '| `config.LOG_LEVEL` | `"INFO"` | `` "a\\|b `c`\\nd" `` |');
});

test("of an agent that is new there, only what it is is told", () => {
  const { replaces: _, ...release } = agent.release;
  const { body } = request({ ...agent, release, risks: [] });
  assert.match(body, /No risk was found/);
  assert.match(body, /nothing: it is new there/);
  assert.doesNotMatch(body, /LOG_LEVEL/);
});

test("a body stays below what GitHub takes, and says that it was cut off", () => {
  const settings = Array.from({ length: 2000 }, (_, index) => ({
    key: `config.KEY_${index}`,
    before: "x".repeat(50),
    after: "y".repeat(50),
  }));
  const { body } = request({ ...agent, settings });
  assert.equal(body.length, 60_000);
  assert.match(body, /cut off here/);
});
