/** Why something is not done, and what to do instead. */
export interface Refusal {
  readonly agent: string;
  /** The rule that says no. Stable, so that scripts can match it. */
  readonly gate:
    | "order"
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
