/**
 * A source of whole numbers from 0 up to a limit that look random and are the same in every run, so
 * that what a test found once it finds again.
 *
 * @see Numerical Recipes, 2nd edition, section 7.1, for the constants
 */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The lower bits repeat soon.
    return (state >>> 8) % limit;
  };
}
