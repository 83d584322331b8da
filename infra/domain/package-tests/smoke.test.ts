import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../errors.ts";
import { objectOf, sampleObjects } from "../test/sample-stack.ts";
import { commandJob } from "./command-job.ts";
import { judgeAnswer, judgeEnd } from "./judge-smoke.ts";
import { readSmokeFile } from "./smoke-file.ts";

test("an answer is judged by its status first, then by its JSON and its text", () => {
  const body = '{"model": "echo", "tokens": 3}';
  assert.deepEqual(judgeAnswer({}, { status: 200, body }), []);
  const json = [
    { path: "model", equals: "echo" },
    { path: "tokens", equals: 4 },
  ];
  assert.deepEqual(judgeAnswer({ json }, { status: 200, body }), [
    { path: ["json", 1], message: "expected tokens to be 4, found 3" },
  ]);
  assert.deepEqual(judgeAnswer({ json }, { status: 503, body: "busy" }), [
    { path: ["status"], message: "expected status 200, found 503: busy" },
  ]);
  assert.match(
    judgeAnswer({ json }, { status: 200, body: "hi" })[0]?.message ?? "",
    /expected JSON/,
  );
  assert.equal(judgeAnswer({ body: { contains: "done" } }, { status: 200, body }).length, 1);
});

test("a command is judged by its exit code first, then by its output", () => {
  assert.deepEqual(judgeEnd({}, { exitCode: 0, output: "" }), []);
  assert.deepEqual(judgeEnd({ exitCode: 3 }, { exitCode: 3, output: "" }), []);
  assert.deepEqual(judgeEnd({}, { exitCode: 1, output: "no\n" }), [
    { path: ["exitCode"], message: "expected exit code 0, found 1: no" },
  ]);
  assert.equal(judgeEnd({ output: { contains: "x" } }, { exitCode: 0, output: "y" }).length, 1);
});

test("a smoke file that makes no sense is refused at each place", () => {
  const problems: Problem[] = [];
  readSmokeFile(
    "smoke.yaml",
    `apiVersion: slipway.dev/v1
cases:
  - { name: neither, expect: {} }
  - { name: code, request: { path: / }, expect: { exitCode: 0 } }
  - { name: status, command: [go], expect: { status: 200 } }
  - { name: vague, request: { path: / }, expect: { body: {} } }
`,
    problems,
  );
  assert.deepEqual(
    problems.map(({ line, message }) => `${line}: ${message}`),
    [
      "3: exactly one of request and command must be there",
      '4: "exitCode" is for a command',
      '5: "status" is for a request',
      "6: exactly one of equals, contains, exists must be there",
    ],
  );
});

test("a command's pod is as hardened as the agent's, and takes part in nothing", () => {
  const objects = sampleObjects("dev");
  const deployment = objectOf(objects, "Deployment");
  const job = commandJob(deployment, { name: "t", command: ["go"], timeoutSeconds: 9 });
  const { metadata, spec } = objectOf([job], "Job").spec.template;
  const own = deployment.spec.template.spec;
  assert.deepEqual(spec.securityContext, own.securityContext);
  assert.deepEqual(spec.containers[0].securityContext, own.containers[0].securityContext);
  assert.deepEqual(spec.containers[0].envFrom, own.containers[0].envFrom);
  assert.deepEqual(spec.volumes, own.volumes);
  assert.equal(spec.containers[0].image, own.containers[0].image);
  assert.equal(spec.automountServiceAccountToken, false);
  assert.equal(spec.restartPolicy, "Never");
  for (const field of ["readinessProbe", "livenessProbe", "startupProbe", "lifecycle", "ports"]) {
    assert.equal(spec.containers[0][field], undefined, field);
  }
  const selector = Object.entries(objectOf(objects, "Service").spec.selector);
  assert.ok(!selector.every(([key, value]) => metadata.labels[key] === value));
  const policy = objectOf(objects, "NetworkPolicy", "fastapi-agent").spec.podSelector.matchLabels;
  assert.ok(Object.entries(policy).every(([key, value]) => metadata.labels[key] === value));
});
