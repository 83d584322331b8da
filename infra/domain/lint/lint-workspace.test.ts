import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusedError } from "../errors.ts";
import { hashes, sampleTexts } from "../test/sample-stack.ts";
import { explainRules } from "./explain.ts";
import { enforcePolicy } from "./lint.ts";
import { lintWorkspace, type WorkspaceLintInput } from "./lint-workspace.ts";
import { rulePages } from "./rules.ts";

const prodValues = "stacks/prod/fastapi-agent/values.yaml";
const pipeline = "stacks/pipeline.yaml";

/** One error: memory that is requested is not what may be used. */
const careless = `
resources:
  requests: { memory: 256Mi }
  limits: { memory: 512Mi }
`;

/** The repository's own files, with an agent of prod that breaks a rule. */
function lint(request: Partial<WorkspaceLintInput> = {}, texts = { [prodValues]: careless }) {
  return lintWorkspace({
    texts: onlyAgent(sampleTexts(texts)),
    sha256: hashes.config,
    today: "2027-01-01",
    ...request,
  });
}

/** Other sample packages have rules of their own to keep. */
function onlyAgent(texts: Readonly<Record<string, string>>) {
  const own = /^(stacks\/|infra\/packages\/fastapi-agent\/)/;
  return Object.fromEntries(Object.entries(texts).filter(([path]) => own.test(path)));
}

function withWaivers(waivers: string, policy = "") {
  const text = (sampleTexts()[pipeline] ?? "").replace(/\nwaivers:\n(?: .*\n)+/, "\n");
  return {
    [prodValues]: careless,
    [pipeline]: `${text.replace("name: prod", `name: prod\n    ${policy}`)}\nwaivers:\n${waivers}`,
  };
}

const waiver = (fields: string) =>
  `  - { rule: SLW013, agent: fastapi-agent, owner: platform, reason: measured, ${fields} }\n`;

test("the repository's own stacks are clean, and the one waiver covers something", () => {
  const { stacks, waivers, refused } = lint({}, {} as never);
  assert.deepEqual(
    stacks.map(({ environment, findings }) => [environment, findings]),
    [
      ["dev", []],
      ["staging", []],
      ["prod", []],
    ],
  );
  assert.deepEqual(waivers, []);
  assert.equal(stacks[0]?.waived.length, 1);
  assert.equal(refused, false);
});

test("an error where the policy is mandatory would be refused, and is told with its fix", () => {
  const { stacks, refused } = lint();
  const [finding, ...others] = stacks.flatMap(({ findings }) => findings);
  assert.equal(refused, true);
  assert.deepEqual(others, []);
  assert.equal(finding?.rule, "SLW013");
  assert.equal(finding?.environment, "prod");
  assert.equal(finding?.agent, "fastapi-agent");
  assert.equal(finding?.where, "Deployment fastapi-agent");
  assert.match(finding?.path ?? "", /containers\.agent\.resources\.limits\.memory$/);
  assert.match(finding?.message ?? "", /request 256Mi, limit 512Mi/);
  assert.match(finding?.hint ?? "", /resources\.requests\.memory/);
});

test("the same error stops nobody where the policy is advisory", () => {
  const { stacks, refused } = lint({}, withWaivers(" []", "policy: advisory"));
  assert.equal(stacks.find(({ environment }) => environment === "prod")?.findings.length, 1);
  assert.equal(refused, false);
});

test("one environment alone is looked at when it is asked for", () => {
  const { stacks } = lint({ environment: "staging" });
  assert.deepEqual(
    stacks.map(({ environment }) => environment),
    ["staging"],
  );
});

test("an agent that nobody has is refused, with the one that was meant", () => {
  assert.throws(() => lint({ agent: "fastapi-agnet" }), {
    code: "unknown-agent",
    message: /did you mean "fastapi-agent"/,
  });
});

test("a waiver covers its rule until the end of its last day", () => {
  const texts = withWaivers(waiver('expires: "2027-01-01"'));
  const { stacks, refused } = lint({ environment: "prod" }, texts);
  assert.deepEqual(stacks[0]?.findings, []);
  assert.equal(stacks[0]?.waived[0]?.waiver.reason, "measured");
  assert.equal(refused, false);
});

test("a waiver that has ended covers nothing, and is told", () => {
  const texts = withWaivers(waiver('expires: "2026-12-31"'));
  const { waivers, refused } = lint({ environment: "prod" }, texts);
  assert.equal(refused, true);
  assert.deepEqual(
    waivers.map(({ rule, message }) => [rule, message]),
    [["SLW098", "the waiver of SLW013 by platform ended on 2026-12-31"]],
  );
});

test("a waiver of another environment covers nothing, and is told when all were looked at", () => {
  const texts = withWaivers(waiver('expires: "2028-01-01", environments: [staging]'));
  const { waivers, refused } = lint({}, texts);
  assert.equal(refused, true);
  assert.deepEqual(
    waivers.map(({ rule }) => rule),
    ["SLW099"],
  );
  assert.deepEqual(lint({ environment: "prod" }, texts).waivers, []);
});

test("a package that no environment runs is looked at by itself", () => {
  const texts = Object.fromEntries(
    Object.entries(onlyAgent(sampleTexts())).filter(
      ([path]) => !path.startsWith("stacks/") || path.split("/").length < 4,
    ),
  );
  const { stacks } = lint({ texts: { ...texts, [pipeline]: sampleTexts()[pipeline] ?? "" } });
  const alone = stacks.at(-1);
  assert.deepEqual(
    [alone?.environment, alone?.agents, alone?.findings],
    ["package", ["fastapi-agent"], []],
  );
  assert.deepEqual(alone?.unreleased, ["fastapi-agent"]);
});

test("a deployment is refused with every error, and warned of the rest", () => {
  const { stacks } = lint({ environment: "prod" });
  const findings = stacks[0]?.findings ?? [];
  const environment = { name: "prod", policy: "mandatory" } as never;
  assert.throws(
    () => enforcePolicy(environment, findings),
    (error: RefusedError) =>
      error instanceof RefusedError &&
      error.code === "policy" &&
      /SLW013 Deployment fastapi-agent/.test(error.message) &&
      /--environment prod/.test(error.hint ?? ""),
  );
  const warned = enforcePolicy({ name: "dev", policy: "advisory" } as never, findings);
  assert.equal(warned, findings);
});

test("rules are explained one by one, or listed", () => {
  const { pages, text } = explainRules("slw013");
  assert.equal(pages.length, 1);
  assert.match(text, /^SLW013 \(error\): .*\n\nWhy: .*\n\nFix: .*\n\nRead:\n {2}https:/);
  assert.equal(explainRules("").pages.length, rulePages.length);
  assert.throws(() => explainRules("SLW999"), { code: "unknown-rule" });
});
