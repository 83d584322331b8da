import type { Evidence, EvidenceEntry } from "./evidence.ts";

/** An environment that a hotfix went past and that has not caught up. */
export interface Duty {
  readonly hotfix: EvidenceEntry;
  readonly environment: string;
}

/**
 * Environments that still have to verify what a hotfix brought past them. Verifying the hotfix
 * itself does, or anything that came there after it.
 */
export function openDuties(evidence: Evidence): readonly Duty[] {
  return Object.values(evidence)
    .flat()
    .flatMap((hotfix) =>
      (hotfix.skipped ?? [])
        .filter((environment) => !hasCaughtUp(evidence[environment] ?? [], hotfix))
        .map((environment) => ({ hotfix, environment })),
    );
}

function hasCaughtUp(entries: readonly EvidenceEntry[], { at, contents }: EvidenceEntry): boolean {
  const isLater = (entry: EvidenceEntry) => Date.parse(entry.at) > Date.parse(at);
  const earlier = new Set(entries.filter((entry) => !isLater(entry)).map((each) => each.contents));
  return entries.some((entry) => {
    if (entry.kind !== "verified" || entry.result !== "passed") return false;
    return entry.contents === contents || !earlier.has(entry.contents);
  });
}
