import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleTexts } from "../test/sample-stack.ts";
import type { DeclaredGates } from "./gates.ts";
import { parsePipeline, pipelineFile } from "./pipeline.ts";
import { renderCodeowners } from "./render-codeowners.ts";
import { duration, renderPipeline, renderPipelineDiagram } from "./render-pipeline.ts";

const text = sampleTexts()[pipelineFile] ?? "";

/** The repository's pipeline with gates for some environments. */
const withGates = (gates: Readonly<Record<string, DeclaredGates | object>>) =>
  Object.entries(gates).reduce(
    (changed, [name, own]) =>
      changed.replace(`- name: ${name}\n`, `- name: ${name}\n    gates: ${JSON.stringify(own)}\n`),
    text,
  );

const gatesOf = (gates: Readonly<Record<string, DeclaredGates>>) =>
  parsePipeline(pipelineFile, withGates(gates)).environments.map((each) => each.gates);

test("only the first environment takes a release that was verified nowhere", () => {
  assert.deepEqual(
    gatesOf({}).map(({ verification }) => verification),
    ["none", "required", "required"],
  );
});

test("what is not said leaves the other gates as they are by default", () => {
  assert.deepEqual(gatesOf({ prod: { soakMinutes: 60 } })[2], {
    verification: "required",
    soakMinutes: 60,
    approvals: [],
    freezes: [],
    automaticRollback: true,
    evals: {},
  });
});

const freeze = { from: "2030-12-20T00:00Z", until: "2031-01-02T00:00Z", reason: "holidays" };

const mistakes: readonly (readonly [string, string, object, RegExp])[] = [
  [
    "a soak before the first",
    "dev",
    { soakMinutes: 5 },
    /asks for the environment before, but this is the first/,
  ],
  ["a verification before the first", "dev", { verification: "required" }, /this is the first/],
  [
    "a soak without verification",
    "prod",
    { verification: "none", soakMinutes: 5 },
    /counts from a verification/,
  ],
  [
    "a soak beyond the age",
    "prod",
    { soakMinutes: 1440, maximumAgeDays: 1 },
    /too old before it counts/,
  ],
  ["part of a minute", "prod", { soakMinutes: 0.5 }, /must be a whole number of minutes from 0/],
  [
    "a freeze that ends before it begins",
    "prod",
    { freezes: [{ ...freeze, until: freeze.from }] },
    /"holidays" ends before/,
  ],
  [
    "a freeze without a reason",
    "prod",
    { freezes: [{ ...freeze, reason: "" }] },
    /freezes\.0\.reason" must be/,
  ],
  [
    "a freeze in local time",
    "prod",
    { freezes: [{ ...freeze, from: "2030-12-20T00:00+01:00" }] },
    /a moment in UTC/,
  ],
  ["an approver without @", "prod", { approvals: ["ops"] }, /an owner such as @user/],
  ["an approver with a comment", "prod", { approvals: ["@ops #x"] }, /an owner such as @user/],
  [
    "a score without a minimum",
    "prod",
    { evals: { quality: {} } },
    /evals\.quality\.minimum" is missing/,
  ],
  ["a misspelt gate", "prod", { soakMinute: 5 }, /soakMinute"; did you mean "?soakMinutes/],
];

for (const [what, environment, gates, expected] of mistakes) {
  test(`${what} is refused at its line`, () => {
    const lines = withGates({ [environment]: gates });
    const line = lines.split("\n").findIndex((each) => each.includes("gates:")) + 1;
    assert.throws(
      () => parsePipeline(pipelineFile, lines),
      ({ message }: Error) => {
        assert.match(message, expected);
        assert.match(message, new RegExp(`pipeline\\.yaml:${line}:`));
        return true;
      },
    );
  });
}

const full = parsePipeline(
  pipelineFile,
  withGates({
    dev: { evals: { "answer-quality": { minimum: 0.8 } } },
    prod: {
      soakMinutes: 90,
      maximumAgeDays: 14,
      approvals: ["@acme/platform", "@lead"],
      freezes: [{ ...freeze, reason: 'the "big" <sale>' }],
      automaticRollback: false,
    },
  }),
);

test("the pipeline as text", () => {
  assert.equal(
    renderPipeline(full),
    `dev      agents-dev on the local cluster, policy advisory
         answer-quality at least 0.8
  │
  │  verified in dev
  ▼
staging  agents-staging on the local cluster, policy mandatory
  │
  │  verified in staging
  │  1 h 30 min ago or longer
  │  at most 14 d ago
  │  approved by @acme/platform, @lead
  ▼
prod     agents-prod on the local cluster, policy mandatory
         no automatic rollback
         frozen from 2030-12-20T00:00Z until 2031-01-02T00:00Z: the "big" <sale>
`,
  );
});

test("the pipeline as a diagram quotes what Mermaid would take for its own", () => {
  const lines = renderPipelineDiagram(full).split("\n");
  assert.equal(lines[0], "flowchart LR");
  assert.match(lines[1] ?? "", /^ {2}env-dev\["dev<br\/>agents-dev on the local cluster/);
  assert.match(lines[3] ?? "", /the #quot;big#quot; #lt;sale>"\]$/);
  assert.equal(lines[4], '  env-dev -->|"verified in dev"| env-staging');
  assert.equal(lines.length, 7);
});

test("approvers own the folder of their environment, and the pipeline", () => {
  assert.equal(
    renderCodeowners(full),
    "/stacks/pipeline.yaml @acme/platform @lead\n/stacks/prod/ @acme/platform @lead\n",
  );
  assert.equal(renderCodeowners(parsePipeline(pipelineFile, text)), "");
});

test("durations name no part that is nothing", () => {
  assert.deepEqual([0, 59, 60, 1440, 1505].map(duration), [
    "0 min",
    "59 min",
    "1 h",
    "1 d",
    "1 d 1 h 5 min",
  ]);
});
