import assert from "node:assert/strict";
import { test } from "node:test";
import { parseQuantity } from "../quantity.ts";
import { sampleStack, sampleTexts } from "../test/sample-stack.ts";
import { defaultValues, type Values } from "../values/values.ts";
import { jobsDemand, podDemand } from "./demand.ts";

const resources = (memory: string) => ({
  requests: { cpu: "100m", memory, "ephemeral-storage": "1Mi" },
  limits: { cpu: "100m", memory, "ephemeral-storage": "1Mi" },
});

const values: Values = {
  ...defaultValues,
  sidecars: { a: { resources: resources("10Mi") }, b: { resources: resources("20Mi") } },
  initContainers: { small: { resources: resources("50Mi") } },
  jobs: {
    one: { when: "before", resources: resources("1Mi") },
    two: { when: "before", resources: resources("2Mi") },
    three: { when: "after", resources: resources("4Mi") },
  },
};

const mebibytes = (amount: string) => parseQuantity(amount);

test("sidecars count beside the agent, init containers only when they need more than it", () => {
  const memory = "requests.memory";
  assert.equal(podDemand(values, memory, {}), mebibytes("286Mi"));
  const large = { big: { resources: resources("300Mi") } };
  assert.equal(podDemand({ ...values, initContainers: large }, memory, {}), mebibytes("330Mi"));
  assert.equal(podDemand(values, "pods", {}), parseQuantity("1"));
});

test("the jobs of one time count together", () => {
  assert.equal(jobsDemand(values, "before", "limits.memory", {}), mebibytes("3Mi"));
  assert.equal(jobsDemand(values, "after", "limits.memory", {}), mebibytes("4Mi"));
  assert.equal(jobsDemand(values, "before", "pods", {}), parseQuantity("2"));
});

const pipelineFile = "stacks/pipeline.yaml";

/** dev with room for exactly what a rollout of the sample agent needs. */
const tight = {
  [pipelineFile]: (sampleTexts()[pipelineFile] ?? "").replace(/limits\.cpu: \d+/, "limits.cpu: 6"),
};

const refusals: readonly (readonly [assignment: string, said: RegExp])[] = [
  [
    "sidecars={proxy: {}}",
    /\(2 x 3 of fastapi-agent\) needs more limits\.cpu than the quota \(6\)/,
  ],
  ["jobs={warm: {when: after}}", /\(2 x 3 of fastapi-agent and its job\) needs more limits\.cpu/],
  [
    "initContainers={big: {resources: {limits: {memory: 1Gi}}}}",
    /the memory limit of the init container big of fastapi-agent \(1Gi\) is more than dev allows/,
  ],
];

for (const [assignment, said] of refusals) {
  test(`${assignment} is refused where there is no room`, () => {
    assert.throws(() => sampleStack("dev", tight, [assignment]), { message: said });
  });
}

test("a job before a rollout runs beside the old pods alone", () => {
  const { agents } = sampleStack("dev", tight, ["jobs={migrate: {when: before}}"]);
  assert.equal(agents.length, 1);
});
