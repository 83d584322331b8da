import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../test/sample-release.ts";
import { sampleStack } from "../test/sample-stack.ts";
import { pinAgent, recordFile, renderRecord } from "./record.ts";
import { sealRelease } from "./release.ts";
import { releaseOfAgent } from "./release-of-agent.ts";

const [planned] = sampleStack("prod").agents;
if (planned?.release === undefined) throw new Error("the sample stack has no release");
const { image, platformDigest } = planned.release;
const release = sealRelease(releaseOfAgent(planned, { image, platformDigest }, sha256), sha256);
const agent = { ...planned, release };
const record = JSON.parse(renderRecord(agent, release));
const edited = { ...agent, values: { ...agent.values, config: { LOG_LEVEL: "WARNING" } } };

test("an agent runs as its files say while they say what was released", () => {
  assert.equal(pinAgent(agent, "prod", undefined, sha256), agent);
});

test("an agent whose files moved on runs as its record says", () => {
  assert.deepEqual(pinAgent(edited, "prod", record, sha256), agent);
  const moved = { ...agent, package: { ...agent.package, version: "2.0.0" } };
  assert.deepEqual(pinAgent(moved, "prod", record, sha256), agent);
});

test("what neither files nor record say any more does not run", () => {
  const forged = { ...record, values: edited.values };
  for (const found of [undefined, forged]) {
    const other = { ...edited, values: { ...edited.values, config: {} } };
    assert.throws(() => pinAgent(other, "prod", found, sha256), {
      name: "RefusedError",
      code: "release-differs",
      hint: "npx slipway promote fastapi-agent --to prod",
    });
  }
});

test("records of two releases are two files", () => {
  const next = sealRelease({ ...release, commit: "c".repeat(40) }, sha256);
  assert.match(
    recordFile("prod", release),
    /^stacks\/prod\/fastapi-agent\/releases\/\w{16}\.json$/,
  );
  assert.notEqual(recordFile("prod", next), recordFile("prod", release));
});
