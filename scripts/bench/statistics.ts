/** What a number of measurements of the same thing come to, in the unit of the measurements. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Summarises measurements. Undefined when there are none. */
export function summarize(values: readonly number[]): Summary | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  return { count: sorted.length, min, median: median(sorted), max };
}

/** How many times `than` a summary is, median by median. Undefined when either has no measurement. */
export function ratio(one: Summary | undefined, than: Summary | undefined): number | undefined {
  return one && than && than.median > 0 ? one.median / than.median : undefined;
}

/** The items in an order that `random` decides: Fisher and Yates' shuffle. */
export function shuffle<T>(items: readonly T[], random: () => number): readonly T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
}

function median(sorted: readonly number[]): number {
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
