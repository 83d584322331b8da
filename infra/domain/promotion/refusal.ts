import { RefusedError } from "../errors.ts";

/** Why something is not done, and what to do instead. */
export interface Refusal {
  readonly agent: string;
  /** The rule that says no. Stable, so that scripts can match it. */
  readonly gate:
    | "scope"
    | "order"
    | "evidence"
    | "source"
    | "verification"
    | "soak"
    | "age"
    | "evals"
    | "freeze"
    | "quarantine"
    | "digest"
    | "back-fill"
    | "hotfix"
    | "rollback";
  readonly reason: string;
  /** The command or edit that comes next. */
  readonly next: string;
}

/**
 * Throws every refusal at once, with what to do about the first, or returns when there is none.
 *
 * @throws {RefusedError} `not-admitted`
 */
export function refuse(refusals: readonly Refusal[]): void {
  const [first] = refusals;
  if (first === undefined) return;
  const reasons = refusals.map(({ gate, reason }) => `\n  ${gate}: ${reason}`).join("");
  throw new RefusedError(
    "not-admitted",
    `the gates say no, and nothing was changed${reasons}`,
    first.next,
  );
}
