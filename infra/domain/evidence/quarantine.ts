import { type Running, runsTheSame } from "../release/release.ts";
import type { Evidence, EvidenceEntry } from "./evidence.ts";

/**
 * The quarantine that keeps a release out of an environment, or undefined.
 *
 * Where it failed, what ran there is kept out; with other settings or secrets it is something else. Everywhere else its contents are, because settings there say nothing about it. It ends when
 * the contents pass verification where they failed.
 */
export function quarantineOf(
  release: Running,
  environment: string,
  evidence: Evidence,
): EvidenceEntry | undefined {
  return Object.entries(evidence)
    .flatMap(([name, entries]) => openQuarantines(entries).map((entry) => ({ name, entry })))
    .find(({ name, entry }) =>
      name === environment ? runsTheSame(entry, release) : entry.contents === release.contents,
    )?.entry;
}

function openQuarantines(entries: readonly EvidenceEntry[]): readonly EvidenceEntry[] {
  return entries.filter((entry, index) => {
    if (entry.kind !== "quarantined") return false;
    return !entries
      .slice(index)
      .some(
        ({ kind, result, contents }) =>
          kind === "verified" && result === "passed" && contents === entry.contents,
      );
  });
}
