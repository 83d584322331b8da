import { type Evidence, evidenceFile } from "../evidence/evidence.ts";
import { quarantineOf } from "../evidence/quarantine.ts";
import { scoresOf, type Verdict, verdictOf } from "../evidence/verdict.ts";
import type { Release } from "../release/release.ts";
import type { Environment, Pipeline } from "../stack/environment.ts";
import { duration } from "../stack/render-pipeline.ts";
import { failingScores } from "./evals.ts";
import type { Refusal } from "./refusal.ts";
import { promote } from "./route.ts";

/** A release at the gates of an environment. */
export interface Admission {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly agent: string;
  readonly release: Release;
  /** What the environment before runs of the agent. @default nothing */
  readonly before?: Pick<Release, "version" | "image">;
  readonly evidence: Evidence;
  /** In RFC 3339 and UTC. */
  readonly now: string;
  /** Whether it is about to become a hotfix; one that is recorded is known. @default false */
  readonly hotfix?: boolean;
}

/**
 * Every gate of an environment that does not let a release in. Both a promotion and a deployment ask.
 *
 * A release that did well there before is let in again, so that a rollback needs no leave, and a
 * hotfix passes whatever only asks for order and time. Nothing passes a quarantine.
 */
export function admissionRefusals(admission: Admission): readonly Refusal[] {
  const { pipeline, environment, release, evidence } = admission;
  const log = evidence[environment.name] ?? [];
  const quarantined = quarantineRefusals(admission);
  const isKnown = log.some(
    ({ kind, result, release: hash }) =>
      hash === release.hash && (kind === "hotfix" || (kind === "deployed" && result === "passed")),
  );
  if (admission.hotfix || isKnown) return quarantined;
  const before = environmentBefore(pipeline, environment.name);
  const refusals = [...quarantined, ...freezeRefusals(admission)];
  // What was promoted was verified then; the log of an environment on another machine may not be here.
  const isPromoted = log.some(
    ({ kind, release: hash }) => kind === "promoted" && hash === release.hash,
  );
  if (before === undefined || environment.gates.verification === "none" || isPromoted) {
    return refusals;
  }
  const verdict = verdictOf(evidence[before.name] ?? [], release.contents);
  return [
    ...refusals,
    ...(verdict.kind === "passed"
      ? [...timeRefusals(verdict, admission, before.name), ...evalRefusals(admission, before)]
      : [verificationRefusal(verdict, admission, before.name)]),
  ];
}

/** The environment from which releases come to another one; undefined for the first. */
export function environmentBefore(
  { environments }: Pipeline,
  name: string,
): Environment | undefined {
  return environments[environments.findIndex((each) => each.name === name) - 1];
}

function quarantineRefusals({ release, environment, agent, evidence }: Admission): Refusal[] {
  const entry = quarantineOf(release, environment.name, evidence);
  if (entry === undefined) return [];
  const why = entry.reason === undefined ? "" : `: ${entry.reason}`;
  const reason = `${agent} ${release.version} is in quarantine since it failed in ${entry.environment} at ${entry.at}${why}`;
  return [{ agent, gate: "quarantine", reason, next: `npx slipway build ${agent}` }];
}

function freezeRefusals({ environment, agent, now }: Admission): readonly Refusal[] {
  const moment = Date.parse(now);
  return environment.gates.freezes
    .filter(({ from, until }) => Date.parse(from) <= moment && moment < Date.parse(until))
    .map(({ until, reason }) => ({
      agent,
      gate: "freeze",
      reason: `${environment.name} is frozen until ${until}: ${reason}`,
      next: `${promote(agent, environment.name)} --hotfix --reason "<why it cannot wait>"`,
    }));
}

function verificationRefusal(
  verdict: Exclude<Verdict, { kind: "passed" }>,
  { agent, release, before }: Admission,
  from: string,
): Refusal {
  const what = `${agent} ${release.version}`;
  const next = `npx slipway verify ${from}`;
  if (verdict.kind === "failed") {
    const reason = `the last verification of ${what} in ${from} failed at ${verdict.last.at}`;
    return { agent, gate: "verification", reason, next };
  }
  if (before?.version === release.version && before.image !== release.image) {
    const reason = `${what} is ${before.image} in ${from}, but ${release.image} here: what was verified is not what would run`;
    return { agent, gate: "digest", reason, next };
  }
  const reason = `${what} was never verified in ${from}: ${evidenceFile(from, agent)} says nothing of it`;
  return { agent, gate: "verification", reason, next };
}

function timeRefusals(
  { first, last }: Extract<Verdict, { kind: "passed" }>,
  { environment, agent, release, now }: Admission,
  from: string,
): readonly Refusal[] {
  const { soakMinutes, maximumAgeDays } = environment.gates;
  const what = `${agent} ${release.version}`;
  const refusals: Refusal[] = [];
  const left = Math.ceil(soakMinutes - minutesBetween(first.at, now));
  if (left > 0) {
    const reason = `${what} has to stand in ${from} for ${duration(soakMinutes)} after its verification; ${duration(left)} are left`;
    refusals.push({ agent, gate: "soak", reason, next: promote(agent, environment.name) });
  }
  const age = minutesBetween(last.at, now);
  if (maximumAgeDays !== undefined && age > maximumAgeDays * 24 * 60) {
    const reason = `the last verification of ${what} in ${from} is ${duration(Math.floor(age))} old, more than ${maximumAgeDays} d`;
    refusals.push({ agent, gate: "age", reason, next: `npx slipway verify ${from}` });
  }
  return refusals;
}

function evalRefusals(
  { agent, release, evidence }: Admission,
  { name, gates }: Environment,
): readonly Refusal[] {
  const scores = scoresOf(evidence[name] ?? [], release.contents);
  return failingScores(gates.evals, scores).map((failure) => ({
    agent,
    gate: "evals",
    reason: `${agent} ${release.version} in ${name}: ${failure}`,
    next: `npx slipway verify ${name}`,
  }));
}

/** A clock that is behind makes a wait longer, never shorter. */
function minutesBetween(from: string, until: string): number {
  return Math.max(0, (Date.parse(until) - Date.parse(from)) / 60_000);
}
