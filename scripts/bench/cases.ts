import type { Contender } from "./contenders.ts";

/** What is wanted of a case: one entrant takes at most so many times as long as a tool. */
export interface Aim {
  readonly entrant: string;
  readonly than: Contender["name"];
  readonly most: number;
}

export interface Case {
  readonly title: string;
  readonly aims: readonly Aim[];
  /** What a reader has to know to compare the entrants. */
  readonly note?: string;
}

/** What is compared, in the order in which a round goes through it. */
export const cases = {
  first: {
    title: "First deploy, from nothing until ready",
    aims: [{ entrant: "slipway", than: "helm", most: 1.5 }],
    note: "pulumi runs Slipway's own program, which skips the provider's ten seconds of waiting for Services",
  },
  noop: {
    title: "Deploy without a change",
    aims: [
      { entrant: "slipway", than: "helm", most: 1 },
      { entrant: "slipway, engine", than: "pulumi", most: 1 },
    ],
    note: "pulumi without --refresh compares with its state only; all others look at the cluster, and helm writes a revision",
  },
  preview: {
    title: "Preview of one changed value",
    aims: [],
    note: "slipway refreshes; pulumi compares with its state only; helm renders and validates, and shows no difference",
  },
  change: {
    title: "One value changed, until rolled out",
    aims: [{ entrant: "slipway", than: "helm", most: 1.15 }],
  },
  image: { title: "Image changed, until rolled out", aims: [] },
  start: { title: "Start of the command line (--help)", aims: [] },
} as const satisfies Record<string, Case>;

export type CaseName = keyof typeof cases;

/** What every case's samples of one entrant came to. */
export interface Results {
  readonly seconds: number[];
  readonly megabytes: number[];
  /** First line of each failure. A failed sample has no time. */
  readonly failures: string[];
}

/** Collects samples by case and entrant. */
export class Scoreboard {
  /** Samples that began on a machine that did not become quiet in time. */
  busy = 0;
  private readonly results = new Map<CaseName, Map<string, Results>>();

  of(name: CaseName): ReadonlyMap<string, Results> {
    return this.results.get(name) ?? new Map();
  }

  entry(name: CaseName, entrant: string): Results {
    const entrants = this.results.get(name) ?? new Map<string, Results>();
    const results = entrants.get(entrant) ?? { seconds: [], megabytes: [], failures: [] };
    this.results.set(name, entrants.set(entrant, results));
    return results;
  }
}
