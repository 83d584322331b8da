import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEvidence } from "../evidence/check.ts";
import { quarantineOf } from "../evidence/quarantine.ts";
import { parseRelease } from "../release/parse.ts";
import {
  at,
  digestFor,
  type Happening,
  sampleLog,
  sampleRelease,
  sha256,
} from "../test/sample-release.ts";
import { sampleStack } from "../test/sample-stack.ts";
import { planRollback, type RollbackPlan, type RollbackRequest } from "./plan-rollback.ts";

const { environment } = sampleStack("prod");
const failed = { result: "failed" } as const;

const first = sampleRelease("first");
const good = sampleRelease("good", { config: digestFor("good settings"), replaces: first.hash });
const bad = sampleRelease("bad", { secrets: {}, replaces: good.hash });

const happenings: readonly Happening[] = [
  [1, "deployed", first],
  [2, "verified", first],
  [3, "deployed", good],
  [4, "verified", good],
  [5, "promoted", bad],
  [6, "deployed", bad],
  [7, "verified", bad, failed],
];

const request = (changes: Partial<RollbackRequest> = {}, log = happenings): RollbackRequest => ({
  environment,
  agent: "fastapi-agent",
  current: bad,
  recorded: [bad, first, good],
  evidence: { prod: sampleLog("prod", log) },
  reason: "answers are empty",
  now: at(60),
  by: "me",
  ...changes,
});

const plan = (...input: Parameters<typeof request>) => planRollback(request(...input), sha256);

function rolledBack(outcome: RollbackPlan) {
  if (outcome.kind === "refused") assert.fail(JSON.stringify(outcome.refusals));
  return outcome;
}

test("a rollback brings back the last good release as it was, with settings and secrets", () => {
  const { release, restores, files } = rolledBack(plan());
  assert.equal(release.hash, good.hash);
  assert.deepEqual(restores, ["image", "config", "secrets"]);
  const [file] = files;
  assert.equal(file?.path, "stacks/prod/fastapi-agent/release.json");
  assert.deepEqual(parseRelease("r", file?.text ?? "", sha256), good);
});

test("the bad release is in quarantine from then on, everywhere", () => {
  const [, log] = rolledBack(plan()).files;
  const prod = parseEvidence("e", log?.text ?? "", sha256);
  assert.deepEqual(
    prod.slice(-2).map(({ kind, release, reason }) => [kind, release, reason]),
    [
      ["quarantined", bad.hash, "answers are empty"],
      ["rolled-back", good.hash, "answers are empty"],
    ],
  );
  for (const name of ["dev", "prod"]) {
    assert.ok(quarantineOf(bad, name, { prod }));
    assert.equal(quarantineOf(good, name, { prod }), undefined);
  }
});

const choices: readonly (readonly [
  string,
  Partial<RollbackRequest>,
  readonly Happening[],
  typeof bad,
])[] = [
  [
    "the one that was verified, not the one deployed since",
    {},
    [...happenings.slice(0, 3), ...happenings.slice(4)],
    first,
  ],
  [
    "the one before that, when it is in quarantine",
    {},
    [...happenings, [8, "quarantined", good, failed]],
    first,
  ],
  ["the one before that, when it was not recorded", { recorded: [bad, first] }, happenings, first],
  [
    "the last that was deployed, where nothing verifies",
    {},
    happenings.filter(([, kind]) => kind === "deployed"),
    good,
  ],
  ["the one that is named", { to: first.hash }, happenings, first],
  ["the one whose name begins so", { to: first.hash.slice(7, 19) }, happenings, first],
];

for (const [what, changes, log, expected] of choices) {
  test(`a rollback returns to ${what}`, () => {
    assert.equal(rolledBack(plan(changes, log)).release.hash, expected.hash);
  });
}

const refusals: readonly (readonly [
  string,
  Partial<RollbackRequest>,
  readonly Happening[],
  RegExp,
])[] = [
  ["to nothing", {}, [], /knows no other release of fastapi-agent that did well in prod/],
  [
    "to an unknown one",
    { to: "abc" },
    happenings,
    /no release of fastapi-agent in prod is named abc/,
  ],
  ["to one of several", { to: "sha256:" }, happenings, /3 releases begin with sha256:/],
  ["to what runs", { to: bad.hash }, happenings, /prod runs 1\.0\.0 .* already/],
  [
    "to one in quarantine",
    { to: good.hash },
    [...happenings, [8, "quarantined", good, { ...failed, reason: "slow" }]],
    /in quarantine since .*: slow/,
  ],
  [
    "by itself where that is not wanted",
    {
      automatic: true,
      environment: { ...environment, gates: { ...environment.gates, automaticRollback: false } },
    },
    happenings,
    /prod has no automatic rollback/,
  ],
  [
    "by itself from a rollback",
    { automatic: true },
    [...happenings, [8, "rolled-back", bad]],
    /was rolled back to already, and failed too/,
  ],
];

for (const [what, changes, log, expected] of refusals) {
  test(`a rollback ${what} is refused`, () => {
    const outcome = plan(changes, log);
    assert.equal(outcome.kind, "refused");
    const [refusal] = outcome.kind === "refused" ? outcome.refusals : [];
    assert.match(refusal?.reason ?? "", expected);
    assert.match(refusal?.next ?? "", /^npx slipway (history|rollback) prod fastapi-agent$/);
  });
}

test("a release that fails after a later promotion may roll back by itself again", () => {
  const log: readonly Happening[] = [[0, "rolled-back", good], ...happenings];
  assert.equal(rolledBack(plan({ automatic: true }, log)).release.hash, good.hash);
});
