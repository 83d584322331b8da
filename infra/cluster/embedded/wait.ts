import { setTimeout as delay } from "node:timers/promises";

/** How long to wait for something. */
export interface Patience {
  readonly limitMs: number;
  /** True when more waiting is useless. */
  readonly giveUp?: () => boolean;
}

/**
 * Waits until `check` resolves and returns what it resolves to.
 *
 * @throws what `check` threw last, when the time is over or there is no hope.
 */
export async function waitUntil<T>(
  check: () => Promise<T>,
  { limitMs, giveUp = () => false }: Patience,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (let pause = 25; ; pause = Math.min(pause * 1.5, 250)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() + pause > end || giveUp()) throw error;
    }
    await delay(pause);
  }
}
