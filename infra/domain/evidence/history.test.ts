import assert from "node:assert/strict";
import { test } from "node:test";
import { digestFor, type Happening, sampleLog, sampleRelease } from "../test/sample-release.ts";
import { openDuties } from "./duties.ts";
import type { Evidence } from "./evidence.ts";
import { deliveryFigures } from "./figures.ts";
import { quarantineOf } from "./quarantine.ts";
import { hasFailed, lastGoodScores, scoresOf, verdictOf } from "./verdict.ts";

const one = sampleRelease("one");
const reset = sampleRelease("one", { config: digestFor("other settings") });
const two = sampleRelease("two");
const failed = { result: "failed" } as const;
const quarantined: Happening = [2, "quarantined", one, failed];

const verdicts: readonly (readonly [string, readonly Happening[], string, number?])[] = [
  ["nothing happened", [], "unverified"],
  ["another release was verified", [[1, "verified", two]], "unverified"],
  ["it was deployed alone", [[1, "deployed", one]], "unverified"],
  ["it passed with other settings", [[1, "verified", reset]], "passed", 1],
  [
    "it failed after it had passed",
    [
      [1, "verified", one],
      [2, "verified", one, failed],
    ],
    "failed",
  ],
  [
    "it passed again and again",
    [
      [1, "verified", one],
      [5, "verified", one],
    ],
    "passed",
    1,
  ],
  [
    "it passed since a failure",
    [
      [1, "verified", one],
      [2, "verified", one, failed],
      [3, "verified", one],
      [4, "verified", one],
    ],
    "passed",
    3,
  ],
];

for (const [what, happenings, kind, minute] of verdicts) {
  test(`when ${what}, it is ${kind}${minute ? ` since minute ${minute}` : ""}`, () => {
    const verdict = verdictOf(sampleLog("dev", happenings), one.contents);
    assert.equal(verdict.kind, kind);
    if (verdict.kind === "passed") assert.match(verdict.first.at, new RegExp(`:0${minute}:00Z$`));
  });
}

test("the last score of each evaluation counts", () => {
  const log = sampleLog("dev", [
    [1, "eval", one, { figures: { quality: 0.5, safety: 1 } }],
    [2, "eval", two, { figures: { quality: 0.1 } }],
    [3, "eval", one, { figures: { quality: 0.7 } }],
  ]);
  assert.deepEqual(scoresOf(log, one.contents), { quality: 0.7, safety: 1 });
});

test("a score is compared with that of the last other contents that passed", () => {
  const log = sampleLog("dev", [
    [1, "eval", one, { figures: { quality: 0.9 } }],
    [2, "verified", one],
    [3, "eval", two, { figures: { quality: 0.2 } }],
    [4, "verified", two, failed],
  ]);
  assert.deepEqual(lastGoodScores(log, two.contents), { quality: 0.9 });
  assert.deepEqual(lastGoodScores(log, one.contents), {});
});

const failures: readonly (readonly [string, readonly Happening[], boolean])[] = [
  ["its deployment failed", [[1, "deployed", one, failed]], true],
  ["its first verification failed", [[1, "verified", one, failed]], true],
  [
    "it passed before it failed",
    [
      [1, "verified", one],
      [2, "verified", one, failed],
    ],
    false,
  ],
  ["it passed", [[1, "verified", one]], false],
  ["another release failed", [[1, "deployed", two, failed]], false],
  ["it was rolled back", [quarantined], false],
  ["nothing happened", [], false],
];

for (const [what, happenings, expected] of failures) {
  test(`when ${what}, it ${expected ? "gives" : "does not give"} way to the last good one`, () => {
    assert.equal(hasFailed(sampleLog("dev", happenings), one.hash), expected);
  });
}

const quarantines: readonly (readonly [
  string,
  typeof one,
  string,
  readonly Happening[],
  boolean,
])[] = [
  ["where it failed", one, "staging", [quarantined], true],
  ["in every other environment", one, "prod", [quarantined], true],
  ["elsewhere with other settings", reset, "prod", [quarantined], true],
  ["where it failed, once its settings are others", reset, "staging", [quarantined], false],
  [
    "where it failed, as another release that runs the same",
    sampleRelease("one", { replaces: two.hash }),
    "staging",
    [quarantined],
    true,
  ],
  ["when a newer one comes", two, "staging", [quarantined], false],
  [
    "once it was verified where it failed",
    one,
    "prod",
    [quarantined, [3, "verified", reset]],
    false,
  ],
  ["as long as that fails", one, "prod", [quarantined, [3, "verified", reset, failed]], true],
  ["when it was verified before only", one, "prod", [[1, "verified", one], quarantined], true],
];

for (const [when, release, environment, happenings, isOut] of quarantines) {
  test(`a quarantined release is ${isOut ? "kept out" : "let in"} ${when}`, () => {
    const evidence = { staging: sampleLog("staging", happenings) };
    assert.equal(quarantineOf(release, environment, evidence) !== undefined, isOut);
  });
}

const hotfix: Happening = [10, "hotfix", two, { skipped: ["staging"], reason: "down" }];

const duties: readonly (readonly [string, readonly Happening[], boolean])[] = [
  ["the skipped environment did nothing", [], true],
  [
    "it verified what it had before",
    [
      [1, "verified", one],
      [20, "verified", one],
    ],
    true,
  ],
  ["it has the hotfix, but not verified", [[20, "deployed", two]], true],
  ["it has the hotfix, and it failed", [[20, "verified", two, failed]], true],
  ["it verified the hotfix", [[20, "verified", two]], false],
  [
    "it verified something newer",
    [
      [1, "verified", one],
      [20, "verified", sampleRelease("three")],
    ],
    false,
  ],
];

for (const [when, happenings, isOpen] of duties) {
  test(`a hotfix is ${isOpen ? "still to be back-filled" : "back-filled"} when ${when}`, () => {
    const evidence = {
      prod: sampleLog("prod", [hotfix]),
      staging: sampleLog("staging", happenings),
    };
    assert.deepEqual(
      openDuties(evidence).map(({ environment }) => environment),
      isOpen ? ["staging"] : [],
    );
  });
}

test("lead time counts from the first trace of a release, and failures once for each", () => {
  const evidence: Evidence = {
    dev: sampleLog("dev", [
      [0, "deployed", one],
      [10, "deployed", two],
    ]),
    prod: sampleLog("prod", [
      [30, "deployed", one],
      [40, "deployed", one],
      [50, "deployed", two, failed],
      [51, "quarantined", two, failed],
      [52, "deployed", one],
      [100, "deployed", reset],
    ]),
  };
  assert.deepEqual(deliveryFigures("prod", [evidence]), {
    releases: 3,
    failed: 1,
    failureRate: 1 / 3,
    leadMinutes: [30],
    medianLeadMinutes: 30,
  });
  const both = deliveryFigures("prod", [
    evidence,
    { prod: sampleLog("prod", [[1, "deployed", one]]) },
  ]);
  assert.deepEqual([both.releases, both.medianLeadMinutes], [4, 15]);
});

test("an environment without deployments has no rate and no median", () => {
  assert.deepEqual(deliveryFigures("prod", [{}]), { releases: 0, failed: 0, leadMinutes: [] });
});
