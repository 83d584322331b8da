/**
 * The parts of live Kubernetes objects that a rollout is judged by. Objects as the API server
 * returns them fit; fields that are absent count as unknown.
 */
export interface RolloutFacts {
  readonly deployment: LiveDeployment;
  /** ReplicaSets of the namespace; those of other owners are ignored. */
  readonly replicaSets: readonly LiveReplicaSet[];
  /** Pods of the namespace; those of other owners are ignored. */
  readonly pods: readonly LivePod[];
  /** Events of the namespace; those about other objects are ignored. */
  readonly events: readonly LiveEvent[];
  /** EndpointSlices of the Service that has the Deployment's name. */
  readonly endpointSlices: readonly LiveEndpointSlice[];
}

/** Metadata as far as ownership needs it. */
export interface LiveMetadata {
  readonly name: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly uid: string }[];
}

/** One condition of an object's status. */
export interface LiveCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A Deployment (apps/v1). */
export interface LiveDeployment {
  readonly metadata: LiveMetadata;
  readonly spec?: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly { readonly ports?: readonly { readonly name?: string }[] }[];
      };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly LiveCondition[];
  };
}

/** A Job (batch/v1). */
export interface LiveJob {
  readonly metadata: LiveMetadata;
  readonly status?: { readonly conditions?: readonly LiveCondition[] };
}

/** A ReplicaSet (apps/v1). */
export interface LiveReplicaSet {
  readonly metadata: LiveMetadata;
  readonly status?: { readonly conditions?: readonly LiveCondition[] };
}

/** A Pod (v1). */
export interface LivePod {
  readonly metadata: LiveMetadata;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly LiveCondition[];
    readonly initContainerStatuses?: readonly LiveContainer[];
    readonly containerStatuses?: readonly LiveContainer[];
  };
}

/** The status of one container of a pod. */
export interface LiveContainer {
  readonly name: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly started?: boolean | null;
  readonly restartCount?: number;
  readonly state?: LiveContainerState;
  readonly lastState?: LiveContainerState;
}

/** At most one of the three is there. */
export interface LiveContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string | null };
  readonly terminated?: Termination;
}

/** How a container's process ended. */
export interface Termination {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

/** An Event (v1). */
export interface LiveEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number } | null;
  readonly involvedObject?: { readonly uid?: string; readonly name?: string };
}

/** An EndpointSlice (discovery.k8s.io/v1). */
export interface LiveEndpointSlice {
  readonly endpoints?:
    | readonly {
        readonly conditions?: { readonly ready?: boolean };
        readonly targetRef?: { readonly name?: string };
      }[]
    | null;
}
