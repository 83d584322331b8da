import { type EvidenceEntry, evidenceFile } from "../evidence/evidence.ts";
import type { Release } from "../release/release.ts";
import type { Refusal } from "./refusal.ts";
import { promote } from "./route.ts";

/** What a change of files does to one agent of one environment. */
export interface ChangedAgent {
  readonly environment: string;
  readonly agent: string;
  /** What it would run. Absent when its release is as it was, or is taken away. */
  readonly release?: Release;
  readonly evidence: {
    readonly before: readonly EvidenceEntry[];
    readonly after: readonly EvidenceEntry[];
  };
}

/** Kinds of evidence that say how a release came to an environment. */
const arrivals: readonly EvidenceEntry["kind"][] = ["promoted", "hotfix", "rolled-back"];

/**
 * Why a change of releases must not be merged, as far as the change itself tells: it is about one
 * environment, adds to the evidence and takes nothing away, and every release came there by a
 * command. Whether the gates let the releases in is told by `admissionRefusals`.
 */
export function gateRefusals(changed: readonly ChangedAgent[]): readonly Refusal[] {
  return [...scopeRefusals(changed), ...changed.flatMap(agentRefusals)];
}

function scopeRefusals(changed: readonly ChangedAgent[]): readonly Refusal[] {
  const released = changed.filter(({ release }) => release !== undefined);
  const environments = [...new Set(released.map(({ environment }) => environment))];
  const [first, second] = environments;
  if (first === undefined || second === undefined) return [];
  const agents = released.flatMap(({ environment, agent }) =>
    environment === second ? [agent] : [],
  );
  return [
    {
      agent: agents.join(", "),
      gate: "scope",
      reason: `this changes what runs in ${environments.join(" and ")}; what ${second} runs has to be seen in ${first} before`,
      next: `${promote(agents.join(" "), second)} --pr   # one pull request for each environment`,
    },
  ];
}

function agentRefusals({ environment, agent, release, evidence }: ChangedAgent): Refusal[] {
  const { before, after } = evidence;
  const file = evidenceFile(environment, agent);
  const lost = before.find(({ hash }, index) => after[index]?.hash !== hash);
  const came = after.some(
    ({ kind, release: of }) => arrivals.includes(kind) && of === release?.hash,
  );
  return [
    ...(lost === undefined
      ? []
      : [
          {
            agent,
            gate: "evidence" as const,
            reason: `${file} lost or moved what is known since ${lost.at} (${lost.kind}); it only grows`,
            next: `git log --patch -- ${file}`,
          },
        ]),
    ...(release === undefined || came
      ? []
      : [
          {
            agent,
            gate: "order" as const,
            reason: `nothing in ${file} says how ${release.version} came to ${environment}: its release was written by hand`,
            next: `${promote(agent, environment)} --pr`,
          },
        ]),
  ];
}
