import type { EvidenceEntry } from "./evidence.ts";

/** What an environment's log says of the verification of some contents. */
export type Verdict =
  | { readonly kind: "unverified" }
  | { readonly kind: "failed"; readonly last: EvidenceEntry }
  | {
      readonly kind: "passed";
      /** The first of an unbroken row of verifications that passed. */
      readonly first: EvidenceEntry;
      readonly last: EvidenceEntry;
    };

/** How the verifications of some contents went. The last one counts. */
export function verdictOf(entries: readonly EvidenceEntry[], contents: string): Verdict {
  const all = entries.filter((entry) => entry.kind === "verified" && entry.contents === contents);
  const last = all.at(-1);
  if (last === undefined) return { kind: "unverified" };
  if (last.result === "failed") return { kind: "failed", last };
  const since = all.findLastIndex(({ result }) => result === "failed") + 1;
  return { kind: "passed", first: all[since] ?? last, last };
}

/** The last scores of some contents, by name of the evaluation. */
export function scoresOf(
  entries: readonly EvidenceEntry[],
  contents: string,
): Readonly<Record<string, number>> {
  const evals = entries.filter((entry) => entry.kind === "eval" && entry.contents === contents);
  return Object.assign({}, ...evals.map(({ figures }) => figures));
}

/** The last scores of the contents that last passed verification, other than some contents. */
export function lastGoodScores(
  entries: readonly EvidenceEntry[],
  contents: string,
): Readonly<Record<string, number>> {
  const good = entries.findLast(
    (entry) =>
      entry.kind === "verified" && entry.result === "passed" && entry.contents !== contents,
  );
  return good === undefined ? {} : scoresOf(entries, good.contents);
}

/**
 * Whether the last thing that happened to a release is that it failed: its deployment, or its
 * verification where it never passed one. What did well there before fails for a reason outside it.
 */
export function hasFailed(entries: readonly EvidenceEntry[], release: string): boolean {
  const last = entries.at(-1);
  if (last?.release !== release || last.result !== "failed") return false;
  if (last.kind !== "verified") return last.kind === "deployed";
  return !entries.some(
    (entry) => entry.kind === "verified" && entry.result === "passed" && entry.release === release,
  );
}
