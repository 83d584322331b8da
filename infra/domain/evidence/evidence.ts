import { canonicalJson } from "../canonical.ts";
import { digestOf, type TextHash } from "../digest.ts";
import type { Release } from "../release/release.ts";

/** What can happen to a release in an environment. */
export const evidenceKinds = [
  "promoted",
  "hotfix",
  "deployed",
  "verified",
  "eval",
  "rolled-back",
  "quarantined",
] as const;

/** One thing that happened to a release, as whoever saw it tells it. */
export interface EvidenceFacts {
  /** When, in RFC 3339 and UTC. */
  readonly at: string;
  readonly environment: string;
  readonly agent: string;
  readonly kind: (typeof evidenceKinds)[number];
  /** Hash of the release. */
  readonly release: string;
  /** What of the release other environments know too, and what is this one's own: see `Release`. */
  readonly contents: string;
  readonly config: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly result: "passed" | "failed";
  /** Person or run that did it. */
  readonly by: string;
  /** Such as requests sent, seconds taken, or scores by name of the evaluation. @default none */
  readonly figures?: Readonly<Record<string, number>>;
  /** Why it was done or why it failed. */
  readonly reason?: string;
  /** Of a hotfix: environments that have yet to verify it. */
  readonly skipped?: readonly string[];
  /** Of a promotion: hash of the verification, in the environment before, that it relies on. */
  readonly basis?: string;
}

/** One link of the chain in `stacks/<env>/<agent>/evidence.json`. */
export interface EvidenceEntry extends EvidenceFacts {
  /** Hash of the entry before. Absent in the first. */
  readonly previous?: string;
  /** Digest of all the rest. */
  readonly hash: string;
}

/** What is known of one agent, by environment, oldest first. */
export type Evidence = Readonly<Record<string, readonly EvidenceEntry[]>>;

/** What evidence says of the release that it is about. */
export function aboutRelease({ hash, contents, config, secrets }: Release) {
  return { release: hash, contents, config, secrets };
}

/** Path of an agent's evidence from the root of the repository. */
export function evidenceFile(environment: string, agent: string): string {
  return `stacks/${environment}/${agent}/evidence.json`;
}

/** A log with one more entry. */
export function appendEvidence(
  entries: readonly EvidenceEntry[],
  facts: EvidenceFacts,
  sha256: TextHash,
): readonly EvidenceEntry[] {
  const previous = entries.at(-1)?.hash;
  const open = { ...facts, ...(previous !== undefined && { previous }) };
  return [...entries, { ...open, hash: digestOf(open, sha256) }];
}

/** The text of an `evidence.json`: one entry a line, so that a diff shows what was added. */
export function renderEvidence(entries: readonly EvidenceEntry[]): string {
  const lines = entries.map(canonicalJson).join(",\n");
  return `{"apiVersion":"slipway.dev/v1","entries":[\n${lines}\n]}\n`;
}
