import type { Waiver } from "../stack/environment.ts";
import { pipelineFile } from "../stack/pipeline.ts";
import { type Finding, finding } from "./finding.ts";
import type { RulePage } from "./rule.ts";

/** A finding that somebody has accepted, and the waiver that says so. */
export interface WaivedFinding {
  readonly finding: Finding;
  readonly waiver: Waiver;
}

/** A waiver counts up to and with its last day. Days are written YYYY-MM-DD, which sorts as text. */
export function isExpired({ expires }: Waiver, today: string): boolean {
  return expires < today;
}

/** Parts findings into those that a waiver covers and those that none does. */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  today: string,
) {
  const current = waivers.filter((waiver) => !isExpired(waiver, today));
  const open: Finding[] = [];
  const waived: WaivedFinding[] = [];
  for (const found of findings) {
    const waiver = current.find((one) => covers(one, found));
    if (waiver) waived.push({ finding: found, waiver });
    else open.push(found);
  }
  return { findings: open, waived };
}

function covers({ rule, agent, environments }: Waiver, found: Finding): boolean {
  return (
    rule === found.rule &&
    agent === found.agent &&
    (environments === undefined || environments.includes(found.environment))
  );
}

const expiredWaiver: RulePage = {
  id: "SLW098",
  title: "Every waiver is current",
  severity: "warning",
  why: "A waiver that has ended covers nothing. Left in the file it looks as if somebody still accepts what it says.",
  fix: "repair what it covered and remove it, or let its owner give it a new reason and a new day",
  sources: [],
};

const unusedWaiver: RulePage = {
  id: "SLW099",
  title: "Every waiver covers something",
  severity: "warning",
  why: "A waiver for what is repaired, or for a misspelt rule or agent, would one day cover something else unseen.",
  fix: "remove it",
  sources: [],
};

/** What can be wrong with waivers themselves. No waiver covers it. */
export const waiverPages: readonly RulePage[] = [expiredWaiver, unusedWaiver];

/** What was looked at, which decides whether a waiver could have covered something. */
export interface LintScope {
  /** `<environment>/<agent>` of each agent that was looked at. */
  readonly agents: ReadonlySet<string>;
  /** Whether that was all there is. */
  readonly complete: boolean;
}

/** Waivers that have ended, and those that cover nothing of what was looked at. */
export function waiverFindings(
  waivers: readonly Waiver[],
  used: ReadonlySet<Waiver>,
  scope: LintScope,
  today: string,
): readonly Finding[] {
  return waivers.flatMap((waiver, index) => {
    const { rule, agent, owner, expires, environments } = waiver;
    const environment = environments?.join(", ") ?? "all";
    const place = { environment, agent, where: pipelineFile, path: `waivers.${index}` };
    if (isExpired(waiver, today)) {
      const message = `the waiver of ${rule} by ${owner} ended on ${expires}`;
      return [finding(expiredWaiver, { ...place, message })];
    }
    if (used.has(waiver) || !wasLookedAt(waiver, scope)) return [];
    const message = `the waiver of ${rule} by ${owner} covers nothing`;
    return [finding(unusedWaiver, { ...place, message })];
  });
}

/** One agent or one environment that was left out may be what a waiver is for. */
function wasLookedAt({ agent, environments }: Waiver, scope: LintScope): boolean {
  if (scope.complete) return true;
  if (environments === undefined) return false;
  return environments.every((environment) => scope.agents.has(`${environment}/${agent}`));
}
