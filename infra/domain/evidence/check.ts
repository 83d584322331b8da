import { digest, digestOf, type TextHash } from "../digest.ts";
import { type Problem, refuseProblems } from "../errors.ts";
import { checkSchema } from "../text/check.ts";
import { apiVersion, dnsLabel } from "../text/rules.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";
import { type Evidence, type EvidenceEntry, evidenceFile, evidenceKinds } from "./evidence.ts";

const line: Schema = { type: "string", minLength: 1, maxLength: 2000 };

const evidenceSchema = closed({
  apiVersion,
  entries: {
    type: "array",
    items: closed(
      {
        at: {
          type: "string",
          pattern: "^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$",
          description: "a moment in UTC such as 2030-12-20T18:00:00Z",
        },
        environment: dnsLabel(20),
        agent: dnsLabel(),
        kind: { type: "string", enum: evidenceKinds },
        release: digest,
        contents: digest,
        config: digest,
        secrets: mapOf(line, line),
        result: { type: "string", enum: ["passed", "failed"] },
        by: line,
        figures: mapOf({ type: "number" }, line),
        reason: line,
        skipped: { type: "array", items: dnsLabel(20) },
        basis: digest,
        previous: digest,
        hash: digest,
      },
      [
        "at",
        "environment",
        "agent",
        "kind",
        "release",
        "contents",
        "config",
        "secrets",
        "result",
        "by",
        "hash",
      ],
    ),
  },
});

/**
 * Reads an `evidence.json` and sees that it is one unbroken chain.
 *
 * An entry that was edited, removed or moved is named. What was cut off at the end leaves no gap;
 * `missingBases` finds it when something relies on it.
 *
 * @throws {UserError} `invalid-input` with every problem and its line.
 */
export function parseEvidence(
  file: string,
  text: string,
  sha256: TextHash,
): readonly EvidenceEntry[] {
  const entries = readEntries(file, text);
  refuseProblems(
    brokenLinks(entries, sha256).map(({ index, message }) => ({
      file,
      // The first entry is on the second line.
      line: index + 2,
      message,
    })),
    `git log -p -- ${file}   # shows who changed it; git restore brings it back`,
  );
  return entries;
}

/** The file is written by programs and grows for ever: it is no document for people to get wrong. */
function readEntries(file: string, text: string): readonly EvidenceEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    refuseProblems([{ file, message: `is no JSON: ${(error as Error).message}` }]);
  }
  refuseProblems(
    checkSchema(evidenceSchema, value).map(({ path, message }): Problem => {
      const index = path[0] === "entries" ? path[1] : undefined;
      return { file, ...(typeof index === "number" && { line: index + 2 }), message };
    }),
  );
  return (value as { entries: readonly EvidenceEntry[] }).entries;
}

/** An entry that is not what or where it was when it was written. Indices count from 0. */
export interface BrokenLink {
  readonly index: number;
  readonly message: string;
}

/** Every place at which a log is not the chain that it was. */
export function brokenLinks(
  entries: readonly EvidenceEntry[],
  sha256: TextHash,
): readonly BrokenLink[] {
  const places = new Map(entries.map(({ hash }, index) => [hash, index]));
  const edited = entries.map(({ hash, ...rest }) => digestOf(rest, sha256) !== hash);
  return entries.flatMap((entry, index) => {
    if (edited[index]) return [{ index, message: `${title(entry, index)} was edited` }];
    const before = entries[index - 1];
    // An edited hash breaks the link to it too; that is one thing, not two.
    if (entry.previous === before?.hash || edited[index - 1]) return [];
    return [{ index, message: `${title(entry, index)} ${misplaced(entry, places)}` }];
  });
}

function misplaced({ previous }: EvidenceEntry, places: ReadonlyMap<string, number>): string {
  if (previous === undefined) return "was the first when it was written; it was moved";
  const place = places.get(previous);
  return place === undefined
    ? `comes after one that was removed (${previous})`
    : `was moved: it belongs after entry ${place + 1}`;
}

function title({ kind, environment, at, by }: EvidenceEntry, index: number): string {
  return `entry ${index + 1} (${kind} in ${environment} at ${at} by ${by})`;
}

/**
 * Promotions whose verification is in no log any more: somebody cut the end of one off.
 *
 * @param elsewhere environments that take releases from one whose log stays on each developer's
 * machine. @default none
 */
export function missingBases(
  evidence: Evidence,
  elsewhere: readonly string[] = [],
): readonly Problem[] {
  const entries = Object.values(evidence).flat();
  const known = new Set(entries.map(({ hash }) => hash));
  return entries
    .filter(({ basis }) => basis !== undefined && !known.has(basis))
    .filter(({ environment, kind }) => kind !== "hotfix" && !elsewhere.includes(environment))
    .map(({ environment, agent, kind, at, basis }) => ({
      file: evidenceFile(environment, agent),
      message: `what was ${kind} at ${at} relies on the verification ${basis}, which is in no log`,
    }));
}
