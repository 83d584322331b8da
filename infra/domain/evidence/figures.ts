import type { Evidence, EvidenceEntry } from "./evidence.ts";

/** How fast and how well releases reach one environment. */
export interface DeliveryFigures {
  /** Releases that were deployed, each once. */
  readonly releases: number;
  /** Of these, those that failed there. */
  readonly failed: number;
  /** Part of them that failed, 0 to 1. Absent without any. */
  readonly failureRate?: number;
  /** Minutes from a release's first trace anywhere until it ran there, by release, oldest first. */
  readonly leadMinutes: readonly number[];
  /** The middle one of them. Absent without any. */
  readonly medianLeadMinutes?: number;
}

/** Figures of one environment, of one agent or of several whose logs are given together. */
export function deliveryFigures(
  environment: string,
  evidence: readonly Evidence[],
): DeliveryFigures {
  const each = evidence.map((logs) => ({
    leads: leadsOf(environment, logs),
    outcomes: outcomesOf(logs[environment] ?? []),
  }));
  const leadMinutes = each.flatMap(({ leads }) => leads);
  const outcomes = each.flatMap((one) => one.outcomes);
  const failed = outcomes.filter((outcome) => outcome === "failed").length;
  return {
    releases: outcomes.length,
    failed,
    ...(outcomes.length > 0 && { failureRate: failed / outcomes.length }),
    leadMinutes,
    ...(leadMinutes.length > 0 && { medianLeadMinutes: median(leadMinutes) }),
  };
}

/** What became of each release that was deployed. */
function outcomesOf(entries: readonly EvidenceEntry[]): readonly EvidenceEntry["result"][] {
  const deployed = new Set(
    entries.filter(({ kind }) => kind === "deployed").map(({ release }) => release),
  );
  return [...deployed].map((release) => {
    const own = entries.filter((entry) => entry.release === release);
    const isBad = own.some(
      ({ kind, result }) => kind === "quarantined" || (kind === "deployed" && result === "failed"),
    );
    return isBad ? "failed" : "passed";
  });
}

/** The same contents count once: with other settings they do not travel anew. */
function leadsOf(environment: string, evidence: Evidence): readonly number[] {
  const starts = new Map<string, number>();
  for (const { contents, at } of Object.values(evidence).flat()) {
    starts.set(
      contents,
      Math.min(starts.get(contents) ?? Number.POSITIVE_INFINITY, Date.parse(at)),
    );
  }
  const arrivals = new Map<string, number>();
  for (const { kind, result, contents, at } of evidence[environment] ?? []) {
    if (kind === "deployed" && result === "passed" && !arrivals.has(contents)) {
      arrivals.set(contents, Date.parse(at));
    }
  }
  return [...arrivals].map(([contents, at]) => (at - (starts.get(contents) ?? at)) / 60_000);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = 0, high = low] = [sorted.length - 1, sorted.length].map(
    (twice) => sorted[Math.floor(twice / 2)] ?? 0,
  );
  return (low + high) / 2;
}
