import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleTexts } from "../test/sample-stack.ts";
import { parsePipeline, pipelineFile } from "./pipeline.ts";

const text = sampleTexts()[pipelineFile] ?? "";

test("releases pass dev, staging and prod in this order", () => {
  const { environments } = parsePipeline(pipelineFile, text);
  assert.deepEqual(
    environments.map(({ name }) => name),
    ["dev", "staging", "prod"],
  );
  assert.equal(environments[0]?.quota["requests.cpu"], "2");
});

test("an environment may live on a cluster that exists", () => {
  const other = text.replace("cluster: local", "cluster: { context: team, uid: 1-2 }");
  const { environments } = parsePipeline(pipelineFile, other);
  assert.deepEqual(environments[0]?.cluster, { context: "team", uid: "1-2" });
});

const mistakes: readonly (readonly [string, string, RegExp])[] = [
  ["cluster: local", "cluster: minikube", /"environments\.0\.cluster" must be local, or context/],
  ["cluster: local", "cluster: {}", /"environments\.0\.cluster\.context" is missing/],
  ["agents-dev", "default", /"environments\.0\.namespace" must be a DNS label, but not default/],
  ["agents-dev", "kube-system", /"environments\.0\.namespace" must be/],
  ["agents-dev", "agents-prod", /"agents-prod" is the namespace of another environment/],
  ["name: staging", "name: dev", /"dev" is the name of another environment too/],
  ["pods: 20", "pods: many", /"environments\.0\.quota\.pods" must be a quantity/],
  ["limitRange:", "limitRanges:", /unknown key "environments\.0\.limitRanges"; did you mean/],
];

for (const [right, wrong, expected] of mistakes) {
  test(`"${wrong}" in the pipeline is refused`, () => {
    assert.throws(() => parsePipeline(pipelineFile, text.replace(right, wrong)), {
      code: "invalid-input",
      message: expected,
    });
  });
}
