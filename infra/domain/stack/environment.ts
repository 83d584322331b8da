import type { Gates } from "./gates.ts";

/** The environments in the order in which a release passes through them, from `stacks/pipeline.yaml`. */
export interface Pipeline {
  readonly environments: readonly Environment[];
  /**
   * Values that may differ between environments, as `<key>` or `<agent>:<key>`; a key covers what is
   * below it. @default none
   */
  readonly allowedDifferences: readonly string[];
  /** Findings of `package lint` that somebody has accepted for a while. @default none */
  readonly waivers: readonly Waiver[];
}

/** One accepted finding. It counts for nothing from the day after `expires`. */
export interface Waiver {
  /** Id of the rule, such as SLW004. */
  readonly rule: string;
  readonly agent: string;
  /** @default all */
  readonly environments?: readonly string[];
  /** Team that answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** Last day, as YYYY-MM-DD. */
  readonly expires: string;
}

/** One environment: where its stack lives and what it may use. */
export interface Environment {
  readonly name: string;
  readonly namespace: string;
  /** `local` is the cluster that `slipway cluster up` made. */
  readonly cluster: "local" | ClusterTarget;
  /** Minor version of Kubernetes that the cluster runs, which manifests are checked against. @default 1.34 */
  readonly kubernetes: string;
  /** Whether the cluster serves the custom metrics API, by an adapter for Prometheus or the like. @default false */
  readonly customMetrics: boolean;
  /** Whether errors of `package lint` only warn or stop a deployment. @default mandatory */
  readonly policy: "advisory" | "mandatory";
  /** What a release must fulfil to come here. */
  readonly gates: Gates;
  /** Hard limits of the namespace's ResourceQuota, by resource. */
  readonly quota: Readonly<Record<string, string>>;
  /** Defaults and bounds for each container. */
  readonly limitRange: ContainerLimits;
}

/** A cluster that exists already. */
export interface ClusterTarget {
  /** Context in the user's kubeconfig. */
  readonly context: string;
  /** UID of the cluster's `kube-system` namespace; another one behind the same context is refused. */
  readonly uid?: string;
}

/** Quantities by resource, as a LimitRange of type Container has them. */
export interface ContainerLimits {
  readonly default: Readonly<Record<string, string>>;
  readonly defaultRequest: Readonly<Record<string, string>>;
  readonly max: Readonly<Record<string, string>>;
  readonly min: Readonly<Record<string, string>>;
}
