import type { EvalThreshold } from "../stack/gates.ts";

type Scores = Readonly<Record<string, number>>;

/**
 * What is wrong with the scores of a release, one sentence for each evaluation.
 *
 * @param lastGood scores of the last good release of the same environment. @default no comparison
 */
export function failingScores(
  thresholds: Readonly<Record<string, EvalThreshold>>,
  scores: Scores,
  lastGood: Scores = {},
): readonly string[] {
  return Object.entries(thresholds).flatMap(([name, { minimum, maximumDrop }]) => {
    const score = scores[name];
    if (score === undefined) return [`the evaluation ${name} has no score`];
    if (score < minimum) return [`${name} is ${score}, at least ${minimum} is needed`];
    const good = lastGood[name];
    if (good === undefined || maximumDrop === undefined) return [];
    // 0.9 - 0.85 is a little more than 0.05 in floating point.
    if (Number((good - score).toFixed(9)) <= maximumDrop) return [];
    return [`${name} fell from ${good} to ${score}, by more than ${maximumDrop}`];
  });
}
