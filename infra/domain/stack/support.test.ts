import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleStack, sampleTexts } from "../test/sample-stack.ts";

const file = "infra/packages/fastapi-agent/package.yaml";
const text = sampleTexts()[file] ?? "";
const line = (words: string) => text.split("\n").findIndex((one) => one.startsWith(words)) + 1;
const dependency = (version: string) =>
  `${text}dependencies:\n  - name: queue-worker\n    version: "${version}"\n`;

test("a package that does not support the environment's Kubernetes is refused at its line", () => {
  const supports = (range: string) =>
    sampleStack("dev", { [file]: text.replace('kubernetes: ">=1.30"', `kubernetes: "${range}"`) });
  assert.equal(supports(">=1.29 <1.35").agents.length, 1);
  const place = `package\\.yaml:${line("kubernetes:")}:1: "kubernetes"`;
  assert.throws(() => supports(">=1.35"), {
    message: new RegExp(`${place} is >=1.35, but dev runs 1.34`),
  });
  assert.throws(() => supports(">1.x.y"), { message: new RegExp(`${place} must be a range`) });
});

test("an agent scales by concurrency only where the environment has the metric", () => {
  assert.throws(() => sampleStack("dev", {}, ["autoscaling.signal=concurrency"]), {
    message: /fastapi-agent scales by concurrency .* dev has no "customMetrics"/,
  });
});

test("an agent does not run without those that it depends on, in a version that fits", () => {
  const at = (words: string) =>
    dependency("^1.0.0")
      .split("\n")
      .findIndex((one) => one.includes(words)) + 1;
  assert.throws(() => sampleStack("prod", { [file]: dependency("^1.0.0") }), {
    message: new RegExp(
      `package\\.yaml:${at("- name: queue-worker")}:5: fastapi-agent needs queue-worker, which prod does not run; create stacks/prod/queue-worker/values\\.yaml`,
    ),
  });
  const running = { "stacks/prod/queue-worker/values.yaml": "" };
  const runs = (version: string) =>
    sampleStack("prod", { ...running, [file]: dependency(version) });
  assert.equal(runs("^1.0.0").agents.length, 2);
  assert.throws(() => runs("^2.0.0"), {
    message: /fastapi-agent needs queue-worker \^2\.0\.0, but prod runs 1\.0\.0/,
  });
});
