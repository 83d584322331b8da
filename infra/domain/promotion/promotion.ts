import type { Evidence } from "../evidence/evidence.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { Release } from "../release/release.ts";
import type { Pipeline } from "../stack/environment.ts";
import type { Values } from "../values/values.ts";
import type { Refusal } from "./refusal.ts";
import type { Risk } from "./risks.ts";
import type { SettingChange } from "./setting-changes.ts";

/** A wish to move releases to an environment: of one agent, or of several as one set. */
export interface PromotionRequest {
  readonly pipeline: Pipeline;
  /** Environment to take the releases from. @default the one before `to` */
  readonly from?: string;
  readonly to: string;
  readonly agents: readonly PromotedAgent[];
  /** Moment of the promotion, in RFC 3339 and UTC. */
  readonly now: string;
  /** Person or run that promotes. */
  readonly by: string;
  /** Skips order, verification, soak and freezes, for a reason that is recorded. @default no */
  readonly hotfix?: { readonly reason: string };
}

/** One agent of the set, and all that is known of it. */
export interface PromotedAgent {
  readonly name: string;
  /** What the environment that it comes from runs. @default nothing */
  readonly source?: Release;
  /** What the environment that it goes to runs. @default nothing */
  readonly current?: Release;
  readonly evidence: Evidence;
  /** Its resolved values in the environment that it goes to. */
  readonly values: Change<Values>;
  /** Versions of its secrets there. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Its objects there. */
  readonly objects: Change<readonly KubernetesObject[]>;
}

/** What there is before and after. Before is absent when nothing ran. */
export interface Change<T> {
  readonly before?: T;
  readonly after: T;
}

/** What a promotion does, or every reason not to do it. */
export type PromotionPlan =
  | {
      readonly kind: "promote";
      readonly from: string;
      readonly to: string;
      /** Those that change; others run already what they would be given. */
      readonly agents: readonly PlannedAgent[];
      readonly files: readonly PlannedFile[];
    }
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[] };

/** What changes for one agent. */
export interface PlannedAgent {
  readonly name: string;
  readonly release: Release;
  readonly settings: readonly SettingChange[];
  readonly risks: readonly Risk[];
  /** Environments that have to verify the release afterwards, because a hotfix went past them. */
  readonly skipped: readonly string[];
}

/** A text to write at a path from the root of the repository. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}
