/** What can be said of a rollout at one moment. */
export type Judgement =
  | { readonly kind: "ready" }
  | {
      readonly kind: "progressing";
      /** What it waits for, for a person. */
      readonly text: string;
    }
  | Failure;

/** The rollout will not become ready unless somebody changes something. */
export interface Failure {
  readonly kind: "failed";
  readonly cause: FailureCause;
  /** What was found and where. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  readonly pod?: string;
  readonly container?: string;
  /** Whose last lines explain it: the container that runs now, or the one before its restart. */
  readonly logs?: "current" | "previous";
}

/** Stable names of the reasons for which a rollout fails. */
export type FailureCause =
  | "crash-loop"
  | "out-of-memory"
  | "startup-probe"
  | "liveness-probe"
  | "image-pull"
  | "image-name"
  | "container-config"
  | "container-create"
  | "container-run"
  | "volume-mount"
  | "unschedulable"
  | "evicted"
  | "quota"
  | "admission"
  | "progress-deadline"
  | "job";
