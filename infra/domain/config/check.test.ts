import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleTexts } from "../test/sample-stack.ts";
import { checkEverything } from "./check.ts";

const problems = (changes: Readonly<Record<string, string>>) =>
  checkEverything(sampleTexts(changes)).problems.map(
    ({ file, line, message }) => `${file}:${line ?? ""}: ${message}`,
  );

test("everything in the repository is sound", () => {
  const { environments, packages, problems: found } = checkEverything(sampleTexts());
  assert.deepEqual(found, []);
  assert.deepEqual(environments, ["dev", "staging", "prod"]);
  assert.ok(packages.includes("fastapi-agent"));
});

test("problems of all environments and packages are told in one run, each once", () => {
  const found = problems({
    "stacks/dev/values.yaml": "replica: 1\n",
    "stacks/prod/fastapi-agent/values.yaml": "\nreplicas: { min: 9, max: 3 }\n",
    "infra/packages/fastapi-agent/package.yaml": "name: [\n",
    "infra/packages/unused/package.yaml": "name: unused\n",
    "infra/packages/unused/values.yaml": "x: 1\n",
    "infra/packages/unused/values.schema.json": '{\n"type": "strnig" }',
    "stacks/porduction/fastapi-agent/values.yaml": "",
  });
  for (const expected of [
    'stacks/dev/values.yaml:1: unknown key "replica"; did you mean "replicas"?',
    'infra/packages/unused/package.yaml:1: "version" is missing',
    "infra/packages/unused/values.yaml:1: unknown key",
    'infra/packages/unused/values.schema.json:2: "type" must be one of',
    "stacks/porduction:: is not of an environment in stacks/pipeline.yaml",
  ]) {
    assert.equal(
      found.filter((one) => one.startsWith(expected)).length,
      1,
      `${expected} in\n${found.join("\n")}`,
    );
  }
  assert.equal(new Set(found).size, found.length);
});

test("a broken pipeline does not hide what is wrong with the stacks", () => {
  const found = problems({
    "stacks/pipeline.yaml": "environments: 3\n",
    "stacks/prod/values.yaml": "replica: 1\n",
  });
  assert.ok(found.some((one) => one.startsWith("stacks/pipeline.yaml:1:")));
  assert.ok(
    found.some((one) => one.startsWith('stacks/prod/values.yaml:1: unknown key "replica"')),
  );
});
