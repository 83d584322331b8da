import { digestOf, type TextHash } from "../digest.ts";
import { openDuties } from "../evidence/duties.ts";
import {
  aboutRelease,
  appendEvidence,
  type EvidenceFacts,
  evidenceFile,
  renderEvidence,
} from "../evidence/evidence.ts";
import { verdictOf } from "../evidence/verdict.ts";
import { type Release, renderRelease, succeedRelease } from "../release/release.ts";
import { admissionRefusals, environmentBefore } from "./admission.ts";
import type {
  PlannedAgent,
  PlannedFile,
  PromotedAgent,
  PromotionPlan,
  PromotionRequest,
} from "./promotion.ts";
import type { Refusal } from "./refusal.ts";
import { objectRisks, versionRisks } from "./risks.ts";
import { findRoute, promote, type Route } from "./route.ts";
import { settingChanges } from "./setting-changes.ts";

/** What became of one agent of a set: at most one of the three has anything in it. */
interface Outcome {
  readonly refusals: readonly Refusal[];
  readonly agents: readonly PlannedAgent[];
  readonly files: readonly PlannedFile[];
}

const nothing: Outcome = { refusals: [], agents: [], files: [] };

/** Plans a promotion. A set is promoted as a whole or not at all; then every refusal is told at once. */
export function planPromotion(request: PromotionRequest, sha256: TextHash): PromotionPlan {
  const route = findRoute(request);
  if ("refusals" in route) return { kind: "refused", refusals: route.refusals };
  const outcomes = request.agents.map((agent) => promoteAgent(agent, request, route, sha256));
  const refusals = outcomes.flatMap((outcome) => outcome.refusals);
  if (refusals.length > 0) return { kind: "refused", refusals };
  return {
    kind: "promote",
    from: route.from.name,
    to: route.to.name,
    agents: outcomes.flatMap(({ agents }) => agents),
    files: outcomes.flatMap(({ files }) => files),
  };
}

function promoteAgent(
  agent: PromotedAgent,
  request: PromotionRequest,
  route: Route,
  sha256: TextHash,
): Outcome {
  const { source, current, secrets } = agent;
  if (source === undefined) return { ...nothing, refusals: [noSource(agent, request, route)] };
  const config = digestOf(agent.values.after, sha256);
  const release = succeedRelease(current, { ...source, config, secrets }, sha256);
  if (release === current) return nothing;
  const refusals = [
    ...admissionRefusals({
      pipeline: request.pipeline,
      environment: route.to,
      agent: agent.name,
      release,
      before: source,
      evidence: agent.evidence,
      now: request.now,
      hotfix: request.hotfix !== undefined,
    }),
    ...undoneHotfixes(agent, release, route),
  ];
  if (refusals.length > 0) return { ...nothing, refusals };
  const skipped = request.hotfix === undefined ? [] : unverified(agent, release, route);
  return {
    ...nothing,
    agents: [describe(agent, release, skipped)],
    files: filesOf(agent, release, evidenceOf(agent, release, skipped, request, route), sha256),
  };
}

function noSource(
  { name }: PromotedAgent,
  { pipeline }: PromotionRequest,
  { from }: Route,
): Refusal {
  const isFirst = environmentBefore(pipeline, from.name) === undefined;
  const next = isFirst ? `npx slipway build ${name}` : promote(name, from.name);
  return { agent: name, gate: "source", reason: `${from.name} has no release of ${name}`, next };
}

/** What went past an environment is not in it yet: promoting what is there would take it back. */
function undoneHotfixes(
  { name, evidence, current }: PromotedAgent,
  release: Release,
  { to }: Route,
): readonly Refusal[] {
  if (current === undefined || current.contents === release.contents) return [];
  return openDuties(evidence)
    .filter(({ hotfix }) => hotfix.environment === to.name && hotfix.contents === current.contents)
    .map(({ hotfix, environment }) => ({
      agent: name,
      gate: "back-fill",
      reason: `${to.name} runs the hotfix of ${hotfix.at}, which ${environment} has not verified yet: this release may lack it`,
      next: promote(name, environment),
    }));
}

/** Environments that a hotfix leaves behind unverified. */
function unverified(
  { evidence }: PromotedAgent,
  { contents }: Release,
  { from, passed }: Route,
): readonly string[] {
  return [from, ...passed]
    .map(({ name }) => name)
    .filter((name) => verdictOf(evidence[name] ?? [], contents).kind !== "passed");
}

function describe(
  { name, current, values, objects }: PromotedAgent,
  release: Release,
  skipped: readonly string[],
): PlannedAgent {
  const risks = [
    ...(current ? versionRisks(name, current.version, release.version) : []),
    ...objectRisks(objects.before ?? [], objects.after),
  ];
  return { name, release, settings: settingChanges(values.before, values.after), risks, skipped };
}

function evidenceOf(
  { name, evidence }: PromotedAgent,
  release: Release,
  skipped: readonly string[],
  { hotfix, now, by }: PromotionRequest,
  { from, to }: Route,
): EvidenceFacts {
  const verdict = verdictOf(evidence[from.name] ?? [], release.contents);
  return {
    at: now,
    environment: to.name,
    agent: name,
    kind: hotfix ? "hotfix" : "promoted",
    ...aboutRelease(release),
    result: "passed",
    by,
    ...(hotfix && { reason: hotfix.reason, skipped }),
    ...(verdict.kind === "passed" && { basis: verdict.last.hash }),
  };
}

function filesOf(
  { evidence }: PromotedAgent,
  release: Release,
  facts: EvidenceFacts,
  sha256: TextHash,
): readonly PlannedFile[] {
  const { environment, agent } = facts;
  const log = appendEvidence(evidence[environment] ?? [], facts, sha256);
  return [
    { path: `stacks/${environment}/${agent}/release.json`, text: renderRelease(release) },
    { path: evidenceFile(environment, agent), text: renderEvidence(log) },
  ];
}
