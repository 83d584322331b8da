import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../digest.ts";
import { missingBases, parseEvidence } from "../evidence/check.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { parseRelease } from "../release/parse.ts";
import type { DeclaredGates, Freeze } from "../stack/gates.ts";
import { parsePipeline, pipelineFile } from "../stack/pipeline.ts";
import { at, sampleLog, sampleRelease, sha256 } from "../test/sample-release.ts";
import { sampleObjects, sampleStack, sampleTexts } from "../test/sample-stack.ts";
import { admissionRefusals } from "./admission.ts";
import { planPromotion } from "./plan-promotion.ts";
import type { PromotedAgent, PromotionPlan, PromotionRequest } from "./promotion.ts";

const name = "fastapi-agent";
const old = sampleRelease("old");
const release = sampleRelease("new", { version: "1.1.0" });
const failed = { result: "failed" } as const;

function pipelineWith(gates: DeclaredGates = {}, staging: DeclaredGates = {}) {
  const text = sampleTexts()[pipelineFile] ?? "";
  const put = (changed: string, environment: string, own: DeclaredGates) =>
    changed.replace(
      `- name: ${environment}\n`,
      `- name: ${environment}\n    gates: ${JSON.stringify(own)}\n`,
    );
  return parsePipeline(pipelineFile, put(put(text, "prod", gates), "staging", staging));
}

const verified: Evidence = {
  staging: sampleLog("staging", [
    [0, "deployed", release],
    [10, "verified", release],
  ]),
};

const values = sampleStack("prod").agents[0]?.values;
if (values === undefined) throw new Error("the sample stack has no agent");

function agent(changes: Partial<PromotedAgent> = {}): PromotedAgent {
  const objects = sampleObjects("prod");
  return {
    name,
    source: release,
    current: old,
    evidence: verified,
    values: { before: values, after: values } as PromotedAgent["values"],
    secrets: { OPENAI_API_KEY: "fedcba9876543210" },
    objects: { before: objects, after: objects },
    ...changes,
  };
}

const plan = (changes: Partial<PromotionRequest> = {}): PromotionPlan =>
  planPromotion(
    { pipeline: pipelineWith(), to: "prod", agents: [agent()], now: at(60), by: "me", ...changes },
    sha256,
  );

function promoted(outcome: PromotionPlan) {
  if (outcome.kind === "refused") assert.fail(JSON.stringify(outcome.refusals));
  return outcome;
}

const refused = (outcome: PromotionPlan) => (outcome.kind === "refused" ? outcome.refusals : []);

test("a promotion moves the contents; settings and secrets are the environment's own", () => {
  const outcome = promoted(plan());
  assert.deepEqual([outcome.from, outcome.to], ["staging", "prod"]);
  const [planned] = outcome.agents;
  assert.equal(planned?.release.contents, release.contents);
  assert.equal(planned?.release.config, digestOf(values, sha256));
  assert.deepEqual(planned?.release.secrets, { OPENAI_API_KEY: "fedcba9876543210" });
  assert.equal(planned?.release.replaces, old.hash);
  assert.equal(planned?.release.commit, release.commit);
});

test("what a promotion writes is a release, and evidence that relies on the verification", () => {
  const { files, agents } = promoted(plan());
  const [file, log] = files;
  assert.deepEqual(
    files.map(({ path }) => path),
    ["stacks/prod/fastapi-agent/release.json", "stacks/prod/fastapi-agent/evidence.json"],
  );
  assert.deepEqual(parseRelease("r", file?.text ?? "", sha256), agents[0]?.release);
  const prod = parseEvidence("e", log?.text ?? "", sha256);
  assert.equal(prod.at(-1)?.kind, "promoted");
  assert.equal(prod.at(-1)?.basis, verified.staging?.[1]?.hash);
  assert.deepEqual(missingBases({ ...verified, prod }), []);
});

test("a plan shows changed settings and risks", () => {
  const after = { ...values, replicas: { min: 2, max: 40 } } as typeof values;
  const { agents } = promoted(
    plan({
      agents: [
        agent({
          current: sampleRelease("old", { version: "2.0.0" }),
          values: { before: values, after },
          objects: { before: sampleObjects("prod"), after: [] },
        }),
      ],
    }),
  );
  assert.ok(
    agents[0]?.settings.some(({ key, after: now }) => key === "replicas.max" && now === 40),
  );
  const tags = new Set(agents[0]?.risks.map(({ tag }) => tag));
  assert.deepEqual([...tags].sort(), ["delete", "image-downgrade", "secret-removal"]);
});

test("what runs already is not promoted again, and nothing is written", () => {
  const [planned] = promoted(plan()).agents;
  const again = promoted(plan({ agents: [agent({ current: planned?.release ?? old })] }));
  assert.deepEqual([again.agents, again.files], [[], []]);
});

const log = (...happenings: Parameters<typeof sampleLog>[1]): Partial<PromotedAgent> => ({
  evidence: { staging: sampleLog("staging", happenings) },
});

const freezes = [{ from: at(0), until: at(90), reason: "holidays" }];

const refusals: readonly (readonly [
  string,
  Partial<PromotionRequest>,
  Partial<PromotedAgent>,
  gate: string,
  reason: RegExp,
  next: RegExp,
])[] = [
  [
    "from dev past staging",
    { from: "dev" },
    {},
    "order",
    /prod takes releases from staging, not from dev/,
    /promote fastapi-agent --to staging$/,
  ],
  [
    "backwards",
    { from: "prod", to: "dev" },
    {},
    "order",
    /does not go from prod back to dev/,
    /rollback dev fastapi-agent/,
  ],
  [
    "to the first",
    { to: "dev" },
    {},
    "order",
    /dev is the first environment/,
    /build fastapi-agent/,
  ],
  [
    "to nowhere",
    { to: "production" },
    {},
    "order",
    /no environment "production"; there are dev, staging, prod/,
    /--to prod/,
  ],
  ["from nowhere", { from: "stagin" }, {}, "order", /no environment "stagin"/, /--to prod/],
  [
    "of nothing",
    {},
    { source: undefined as never },
    "source",
    /staging has no release of fastapi-agent/,
    /promote fastapi-agent --to staging/,
  ],
  [
    "without evidence",
    {},
    { evidence: {} },
    "verification",
    /was never verified in staging/,
    /verify staging/,
  ],
  [
    "after a failed verification",
    {},
    log([1, "verified", release], [2, "verified", release, failed]),
    "verification",
    /failed at 2030-06-15T00:02:00Z/,
    /verify staging/,
  ],
  [
    "inside the soak",
    { pipeline: pipelineWith({ soakMinutes: 120 }) },
    {},
    "soak",
    /for 2 h after its verification; 1 h 10 min are left/,
    /--to prod/,
  ],
  [
    "with a clock that is behind",
    { pipeline: pipelineWith({ soakMinutes: 1 }), now: at(0) },
    {},
    "soak",
    /1 min are left/,
    /--to prod/,
  ],
  [
    "of what was verified long ago",
    { pipeline: pipelineWith({ maximumAgeDays: 1 }), now: "2030-06-17T00:00:00Z" },
    {},
    "age",
    /is 1 d 23 h 50 min old, more than 1 d/,
    /verify staging/,
  ],
  [
    "into a freeze",
    { pipeline: pipelineWith({ freezes }) },
    {},
    "freeze",
    /frozen until 2030-06-15T01:30:00Z: holidays/,
    /--hotfix --reason/,
  ],
  [
    "of what is in quarantine",
    {},
    log([1, "verified", release], [2, "quarantined", release, { ...failed, reason: "slow" }]),
    "quarantine",
    /quarantine since it failed in staging .*: slow/,
    /build fastapi-agent/,
  ],
  [
    "without a score",
    { pipeline: pipelineWith({}, { evals: { quality: { minimum: 0.8 } } }) },
    {},
    "evals",
    /quality has no score/,
    /verify staging/,
  ],
  [
    "with a low score",
    { pipeline: pipelineWith({}, { evals: { quality: { minimum: 0.8 } } }) },
    log([1, "verified", release], [2, "eval", release, { figures: { quality: 0.5 } }]),
    "evals",
    /quality is 0\.5, at least 0\.8/,
    /verify staging/,
  ],
  [
    "as a hotfix without a reason",
    { hotfix: { reason: " " } },
    {},
    "hotfix",
    /needs a reason/,
    /--hotfix --reason/,
  ],
];

for (const [what, request, changes, gate, reason, next] of refusals) {
  test(`a promotion ${what} is refused with the reason and what to do`, () => {
    const found = refused(plan({ agents: [agent(changes)], ...request }));
    assert.deepEqual(
      found.map((refusal) => refusal.gate),
      [gate],
    );
    assert.match(found[0]?.reason ?? "", reason);
    assert.match(found[0]?.next ?? "", next);
  });
}

test("a set is promoted as a whole or not at all, and every refusal is told at once", () => {
  const pipeline = pipelineWith({ freezes });
  const other = agent({ name: "queue-worker", evidence: {} });
  assert.deepEqual(
    refused(plan({ pipeline, agents: [agent(), other] })).map(
      (each) => `${each.agent} ${each.gate}`,
    ),
    ["fastapi-agent freeze", "queue-worker freeze", "queue-worker verification"],
  );
  const set = promoted(plan({ agents: [agent(), agent({ name: "queue-worker" })] }));
  assert.equal(set.files.length, 4);
});

const reason = "the model's old name is gone";

test("a hotfix goes past staging, a freeze and a soak, and leaves its reason and a duty", () => {
  const pipeline = pipelineWith({ freezes, soakMinutes: 600 });
  const { agents, files } = promoted(
    plan({ pipeline, from: "dev", agents: [agent({ evidence: {} })], hotfix: { reason } }),
  );
  assert.deepEqual(agents[0]?.skipped, ["dev", "staging"]);
  const [entry] = parseEvidence("e", files[1]?.text ?? "", sha256);
  assert.deepEqual(
    [entry?.kind, entry?.reason, entry?.skipped],
    ["hotfix", reason, ["dev", "staging"]],
  );
});

test("not even a hotfix passes a quarantine", () => {
  const evidence = { dev: sampleLog("dev", [[1, "quarantined", release, failed]]) };
  const found = refused(plan({ from: "dev", agents: [agent({ evidence })], hotfix: { reason } }));
  assert.deepEqual(
    found.map(({ gate }) => gate),
    ["quarantine"],
  );
});

test("the next release waits until the hotfix is back-filled, or it would take it back", () => {
  const fix = sampleRelease("fix");
  const prod = sampleLog("prod", [[5, "hotfix", fix, { skipped: ["staging"], reason }]]);
  const request = (evidence: Evidence) => plan({ agents: [agent({ current: fix, evidence })] });
  const staging = sampleLog("staging", [[1, "verified", release]]);
  const [refusal] = refused(request({ staging, prod }));
  assert.equal(refusal?.gate, "back-fill");
  assert.match(refusal?.next ?? "", /promote fastapi-agent --to staging/);
  promoted(request({ staging: sampleLog("staging", [[9, "verified", release]]), prod }));
});

const admit = (changes: Partial<Parameters<typeof admissionRefusals>[0]>) => {
  const pipeline = pipelineWith({ freezes, soakMinutes: 600 });
  const environment = pipeline.environments[2];
  if (environment === undefined) throw new Error("the sample pipeline has no prod");
  return admissionRefusals({
    pipeline,
    environment,
    agent: name,
    release,
    evidence: {},
    now: at(60),
    ...changes,
  }).map(({ gate }) => gate);
};

test("a deployment asks the same gates, and lets in again what did well there", () => {
  assert.deepEqual(admit({}), ["freeze", "verification"]);
  assert.deepEqual(admit({ evidence: verified }), ["freeze", "soak"]);
  const ran = { prod: sampleLog("prod", [[1, "deployed", release]]) };
  assert.deepEqual(admit({ evidence: ran }), []);
  assert.deepEqual(admit({ evidence: ran, release: sampleRelease("other") }), [
    "freeze",
    "verification",
  ]);
  assert.deepEqual(admit({ evidence: { prod: sampleLog("prod", [[1, "hotfix", release]]) } }), []);
  assert.deepEqual(
    admit({
      evidence: {
        prod: sampleLog("prod", [
          [1, "deployed", release],
          [2, "quarantined", release, failed],
        ]),
      },
    }),
    ["quarantine"],
  );
});

test("a deployment takes a promotion's word for its verification, and no other release's", () => {
  const prod = sampleLog("prod", [[1, "promoted", release]]);
  assert.deepEqual(admit({ evidence: { prod } }), ["freeze"]);
  const other = sampleRelease("other");
  assert.deepEqual(admit({ evidence: { prod }, release: other }), ["freeze", "verification"]);
});

test("the same version with another image is told as what it is", () => {
  const before = sampleRelease("rebuilt", { version: release.version });
  assert.deepEqual(admit({ before }), ["freeze", "digest"]);
  // The environment before has moved on to another build since it verified this one.
  assert.deepEqual(admit({ before, evidence: verified }), ["freeze", "soak"]);
});

/** Every combination of what can stand in the way of a release. */
const cases = (["unverified", "failed", "passed"] as const).flatMap((verdict) =>
  Array.from({ length: 64 }, (_, bits) => {
    const is = (bit: number) => (bits & (1 << bit)) !== 0;
    const obstacles = { soaking: is(0), stale: is(1), frozen: is(2), bad: is(3) };
    return { verdict, ...obstacles, urgent: is(4), skipping: is(5) };
  }),
);

test("a release is promoted if and only if every gate that applies is open", () => {
  for (const each of cases) {
    const { verdict, soaking, stale, frozen, bad, urgent, skipping } = each;
    const staging = sampleLog("staging", [
      ...(verdict === "unverified"
        ? []
        : [[10, "verified", release, verdict === "failed" ? failed : {}] as const]),
      ...(bad ? [[20, "quarantined", release, failed] as const] : []),
    ]);
    const outcome = plan({
      from: skipping ? "dev" : "staging",
      agents: [agent({ evidence: { staging } })],
      pipeline: pipelineWith({
        soakMinutes: soaking ? 120 : 5,
        ...(stale && { maximumAgeDays: 1 }),
        ...(frozen && { freezes: [{ ...freezes[0], until: "2031-01-01T00:00Z" } as Freeze] }),
      }),
      now: stale ? "2030-06-17T00:00:00Z" : at(60),
      ...(urgent && { hotfix: { reason } }),
    });
    const isOpen = verdict === "passed" && !soaking && !stale && !frozen && !skipping;
    const isPromoted = (urgent || isOpen) && !bad;
    assert.equal(outcome.kind, isPromoted ? "promote" : "refused", JSON.stringify(each));
    for (const { next } of refused(outcome)) assert.match(next, /^npx slipway /);
  }
});
