import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../errors.ts";
import { hashes, sampleTexts } from "../test/sample-stack.ts";
import { runTests } from "./run.ts";
import { readTestFile } from "./test-file.ts";

const file = "infra/packages/fastapi-agent/tests/objects.yaml";

/** Runs the tests of a text for the sample agent. */
function run(cases: string, environment?: string) {
  const problems: Problem[] = [];
  const tests = readTestFile(file, `apiVersion: slipway.dev/v1\ncases:\n${cases}`, problems);
  assert.deepEqual(problems, []);
  assert.ok(tests);
  const subject = { agent: "fastapi-agent", texts: sampleTexts(), sha256: hashes.config };
  return runTests(tests, subject, environment);
}

/** What one test that fails says. */
function failure(cases: string): string {
  const [{ failures = [] } = {}] = run(cases);
  return failures.map(({ line, message }) => `${line}: ${message}`).join("\n");
}

test("the package alone is rendered with its own defaults", () => {
  const [result] = run(`
  - name: two pods
    expect:
      - { object: HorizontalPodAutoscaler, path: spec.minReplicas, equals: 2 }
      - { object: NetworkPolicy default-deny, exists: true }
`);
  assert.deepEqual(result, { file, name: "two pods", failures: [] });
});

test("an environment brings its own values", () => {
  const [result] = run(`
  - name: three pods
    environment: prod
    expect: [{ object: HorizontalPodAutoscaler, path: spec.minReplicas, equals: 3 }]
`);
  assert.deepEqual(result?.failures, []);
});

test("values can be set, also to remove what an environment sets", () => {
  const limits = "object: Deployment, path: spec.template.spec.containers.agent.resources.limits";
  const [result] = run(`
  - name: no limit of CPU
    environment: prod
    set: { resources: { limits: { cpu: null } } }
    expect:
      - { ${limits}.cpu, exists: false }
      - { ${limits}.memory, equals: 512Mi }
`);
  assert.deepEqual(result?.failures, []);
});

test("an object with a hash in its name is found by the start of it", () => {
  const [result] = run(`
  - name: settings
    expect: [{ object: ConfigMap fastapi-agent-*, path: data.LOG_LEVEL, equals: INFO }]
`);
  assert.deepEqual(result?.failures, []);
});

test("what is not as expected is told with its line", () => {
  assert.match(
    failure(`
  - name: wrong
    expect:
      - { object: Service, path: spec.type, equals: ClusterIP }
      - { object: Service, path: spec.type, equals: LoadBalancer }
`),
    /^7: Service: expected spec\.type to be "LoadBalancer", found "ClusterIP"$/,
  );
});

test("an object that is not there, or not the only one, is told", () => {
  const absent = "  - { name: a, expect: [{ object: Ingress, path: spec, exists: true }] }";
  assert.match(failure(absent), /there is no Ingress/);
  assert.equal(failure("  - { name: b, expect: [{ object: Ingress, exists: false }] }"), "");
  const many = "  - { name: c, expect: [{ object: NetworkPolicy *, exists: true }] }";
  assert.match(failure(many), /there are 2 objects of kind NetworkPolicy/);
});

test("a refusal that is expected is a pass, another one or none is not", () => {
  const refused = (text: string, max = 1) =>
    `  - { name: r, set: { replicas: { min: 2, max: ${max} } }, refused: ${text} }`;
  assert.equal(failure(refused("must be more than")), "");
  assert.match(failure(refused("something else")), /found: 1 problem found/);
  assert.match(failure(refused("must be more than", 3)), /expected a refusal, found none/);
});

test("an unknown environment and values that are refused are failures", () => {
  const expect = "expect: [{ object: Service, exists: true }]";
  assert.match(failure(`  - { name: e, environment: pord, ${expect} }`), /no environment "pord"/);
  const typo = failure(`  - { name: v, set: { replica: 1 }, ${expect} }`);
  assert.match(typo, /unknown key "replica"; did you mean "replicas"/);
});

test("tests of one environment can be chosen", () => {
  const cases = `
  - { name: a, environment: prod, expect: [{ object: Service, exists: true }] }
  - { name: b, expect: [{ object: Service, exists: true }] }
`;
  assert.deepEqual(
    run(cases, "prod").map(({ name }) => name),
    ["a"],
  );
});

test("a file that makes no sense is refused at each place", () => {
  const problems: Problem[] = [];
  readTestFile(
    file,
    `apiVersion: slipway.dev/v1
cases:
  - { name: nothing }
  - { name: both, expect: [{ object: Service, exists: true }], refused: x }
  - { name: vague, expect: [{ object: Service }] }
`,
    problems,
  );
  assert.deepEqual(
    problems.map(({ line, message }) => `${line}: ${message}`),
    [
      "3: exactly one of expect and refused must be there",
      "4: exactly one of expect and refused must be there",
      "5: exactly one of equals, contains, exists must be there",
    ],
  );
});
