/** The settings of one agent in one stack, after all layers are merged. */
export interface Values {
  /** Bounds of the autoscaler. @default 2 to 4 */
  readonly replicas: { readonly min: number; readonly max: number };
  readonly autoscaling: Autoscaling;
  readonly resources: Resources;
  /** Environment variables that are no secrets. A change rolls the pods. @default none */
  readonly config: Readonly<Record<string, string>>;
  /** Secrets that the agent reads from files, by key. @default none */
  readonly secrets: Readonly<Record<string, SecretNeed>>;
  readonly service: ServiceValues;
  readonly networkPolicy: NetworkPolicyValues;
  readonly labels: LabelValues;
}

/** `optional` keys may be absent from the stack's env file; the agent then works without them. */
export type SecretNeed = "required" | "optional";

/** When the number of pods changes. */
export interface Autoscaling {
  /** Average CPU use, in percent of the request, that the autoscaler holds. @default 70 */
  readonly cpuPercent: number;
  /** How long use must stay low before pods are removed. @default 300 */
  readonly scaleDownWindowSeconds: number;
}

/** Requests and limits of the container, and the size of its only writable folder. */
export interface Resources {
  /** @default 100m, 256Mi, 64Mi */
  readonly requests: Quantities;
  /** @default 1, 256Mi, 256Mi. `cpu: null` removes the CPU limit. */
  readonly limits: Omit<Quantities, "cpu"> & { readonly cpu?: string };
  /** Size of `/tmp`; less than the limit on ephemeral storage, which also holds logs. @default 64Mi */
  readonly tmp: string;
}

/** Kubernetes quantities. */
export interface Quantities {
  readonly cpu: string;
  readonly memory: string;
  readonly "ephemeral-storage": string;
}

/** How the agent is reached. */
export interface ServiceValues {
  /** @default ClusterIP */
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer";
  /** @default 80 */
  readonly port: number;
  /** Fixed port on every node, 30000 to 32767. @default chosen by the cluster */
  readonly nodePort?: number;
}

/** Who may talk to the agent, and to whom it may talk besides cluster DNS. */
export interface NetworkPolicyValues {
  readonly ingress: {
    /** Namespaces besides the agent's own. @default none */
    readonly namespaces: readonly string[];
    /** Address ranges outside the cluster; a Service that is not ClusterIP needs one. @default none */
    readonly cidrs: readonly string[];
  };
  /** @default none */
  readonly egress: readonly EgressRule[];
}

/** One address range that the agent may open TCP connections to. */
export interface EgressRule {
  readonly cidr: string;
  /** Ranges inside `cidr` that stay closed. @default none */
  readonly except?: readonly string[];
  readonly ports: readonly number[];
}

/** Labels that say whose the agent is. */
export interface LabelValues {
  /** Team that answers for the agent, as label `owner`. @default unset */
  readonly owner?: string;
  /** Application that the agent belongs to. @default the package's name */
  readonly partOf?: string;
}

/** What holds where no layer says otherwise. */
export const defaultValues: Values = {
  replicas: { min: 2, max: 4 },
  autoscaling: { cpuPercent: 70, scaleDownWindowSeconds: 300 },
  resources: {
    requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "64Mi" },
    limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "256Mi" },
    tmp: "64Mi",
  },
  config: {},
  secrets: {},
  service: { type: "ClusterIP", port: 80 },
  networkPolicy: { ingress: { namespaces: [], cidrs: [] }, egress: [] },
  labels: {},
};
