import type { TextHash } from "../digest.ts";
import {
  aboutRelease,
  appendEvidence,
  type Evidence,
  type EvidenceEntry,
  type EvidenceFacts,
  evidenceFile,
  renderEvidence,
} from "../evidence/evidence.ts";
import { quarantineOf } from "../evidence/quarantine.ts";
import { type Release, renderRelease } from "../release/release.ts";
import type { Environment } from "../stack/environment.ts";
import type { PlannedFile } from "./promotion.ts";
import type { Refusal } from "./refusal.ts";

/** A wish to run an earlier release again. */
export interface RollbackRequest {
  readonly environment: Environment;
  readonly agent: string;
  /** What the environment should run now. */
  readonly current: Release;
  /** Hash of the release to return to, or its beginning. @default the last good one */
  readonly to?: string;
  /** Every release that was ever recorded for the environment, in any order. */
  readonly recorded: readonly Release[];
  readonly evidence: Evidence;
  /** Why the current release is bad. */
  readonly reason: string;
  /** Moment of the rollback, in RFC 3339 and UTC. */
  readonly now: string;
  readonly by: string;
  /** Whether nobody asked for it: it then needs the environment's leave, and happens once. @default false */
  readonly automatic?: boolean;
}

/** What a rollback does, or every reason not to do it. */
export type RollbackPlan =
  | {
      readonly kind: "roll-back";
      readonly release: Release;
      /** What differs between the two, and so comes back. */
      readonly restores: readonly ("image" | "config" | "secrets")[];
      readonly files: readonly PlannedFile[];
    }
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[] };

/** Plans to run a recorded release again, as it was, and to keep the current one out. */
export function planRollback(request: RollbackRequest, sha256: TextHash): RollbackPlan {
  const refusals = request.automatic ? automaticRefusals(request) : [];
  const target = request.to === undefined ? lastGood(request) : named(request, request.to);
  if ("reason" in target) return { kind: "refused", refusals: [...refusals, target] };
  if (refusals.length > 0) return { kind: "refused", refusals };
  const { environment, agent, current } = request;
  return {
    kind: "roll-back",
    release: target,
    restores: (["image", "config", "secrets"] as const).filter(
      (part) => JSON.stringify(target[part]) !== JSON.stringify(current[part]),
    ),
    files: [
      {
        path: `stacks/${environment.name}/${agent}/release.json`,
        text: renderRelease(target),
      },
      {
        path: evidenceFile(environment.name, agent),
        text: renderEvidence(record(target, request, sha256)),
      },
    ],
  };
}

/** A rollback of a rollback would go round for ever. */
function automaticRefusals({ environment, agent, current, evidence }: RollbackRequest): Refusal[] {
  const { name, gates } = environment;
  const refusal = (reason: string): Refusal => ({
    agent,
    gate: "rollback",
    reason,
    next: `npx slipway rollback ${name} ${agent}`,
  });
  const log = evidence[name] ?? [];
  const came = log.findLast(({ kind }) => ["promoted", "hotfix", "rolled-back"].includes(kind));
  return [
    ...(gates.automaticRollback ? [] : [refusal(`${name} has no automatic rollback`)]),
    ...(came?.kind === "rolled-back" && came.release === current.hash
      ? [refusal(`${current.version} was rolled back to already, and failed too`)]
      : []),
  ];
}

/** The release that last did well, other than the current one, and that nothing was found against. */
function lastGood(request: RollbackRequest): Release | Refusal {
  const { environment, agent, current, recorded, evidence } = request;
  const log = evidence[environment.name] ?? [];
  for (const hash of goodReleases(log)) {
    const found = recorded.find((release) => release.hash === hash);
    if (found === undefined || hash === current.hash) continue;
    if (quarantineOf(found, environment.name, evidence) === undefined) return found;
  }
  return {
    agent,
    gate: "rollback",
    reason: `${evidenceFile(environment.name, agent)} knows no other release of ${agent} that did well in ${environment.name}`,
    next: `npx slipway history ${environment.name} ${agent}`,
  };
}

/** Hashes of releases by how lately they did well. Where nothing verifies, having been deployed is enough. */
function goodReleases(log: readonly EvidenceEntry[]): readonly string[] {
  const passed = log.filter(({ result }) => result === "passed").toReversed();
  const verified = passed.filter(({ kind }) => kind === "verified");
  const good = verified.length > 0 ? verified : passed.filter(({ kind }) => kind === "deployed");
  return [...new Set(good.map(({ release }) => release))];
}

function named(request: RollbackRequest, to: string): Release | Refusal {
  const { environment, agent, current, recorded, evidence } = request;
  const refusal = (gate: Refusal["gate"], reason: string): Refusal => ({
    agent,
    gate,
    reason,
    next: `npx slipway history ${environment.name} ${agent}`,
  });
  const start = to.startsWith("sha256:") ? to : `sha256:${to}`;
  const found = new Map(
    recorded.filter(({ hash }) => hash.startsWith(start)).map((release) => [release.hash, release]),
  );
  const [release, second] = found.values();
  if (release === undefined) {
    return refusal("rollback", `no release of ${agent} in ${environment.name} is named ${to}`);
  }
  if (second !== undefined) return refusal("rollback", `${found.size} releases begin with ${to}`);
  if (release.hash === current.hash) {
    return refusal("rollback", `${environment.name} runs ${release.version} (${to}) already`);
  }
  const entry = quarantineOf(release, environment.name, evidence);
  if (entry === undefined) return release;
  return refusal(
    "quarantine",
    `${release.version} is in quarantine since ${entry.at}: ${entry.reason ?? "it failed"}`,
  );
}

function record(
  target: Release,
  { environment, agent, current, evidence, reason, now, by }: RollbackRequest,
  sha256: TextHash,
): readonly EvidenceEntry[] {
  const entry = (
    release: Release,
    kind: EvidenceFacts["kind"],
    result: EvidenceFacts["result"],
  ): EvidenceFacts => ({
    at: now,
    environment: environment.name,
    agent,
    kind,
    ...aboutRelease(release),
    result,
    by,
    reason,
  });
  const log = evidence[environment.name] ?? [];
  const quarantined = appendEvidence(log, entry(current, "quarantined", "failed"), sha256);
  return appendEvidence(quarantined, entry(target, "rolled-back", "passed"), sha256);
}
