/** The environments in the order in which a release passes through them, from `stacks/pipeline.yaml`. */
export interface Pipeline {
  readonly environments: readonly Environment[];
}

/** One environment: where its stack lives and what it may use. */
export interface Environment {
  readonly name: string;
  readonly namespace: string;
  /** `local` is the cluster that `slipway cluster up` made. */
  readonly cluster: "local" | ClusterTarget;
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
