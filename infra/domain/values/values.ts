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
  /** In place of what follows from the package's promises. @default all derived */
  readonly overrides: Overrides;
  /** Secrets that the agent gets as environment variables too, where a file cannot be read. @default none */
  readonly secretsAsEnvironment: readonly string[];
  /** Text files that the agent finds at these absolute paths. A change rolls the pods. @default none */
  readonly files: Readonly<Record<string, string>>;
  /** Secrets of the namespace with which the kubelet logs in to registries. @default none */
  readonly imagePullSecrets: readonly string[];
  /** Such as the cloud identity that the agent assumes. @default none */
  readonly serviceAccount: { readonly annotations: Readonly<Record<string, string>> };
  /** More folders for the agent, its init containers and its sidecars, by name. @default none */
  readonly volumes: Readonly<Record<string, Volume>>;
  /** Run one after another, in order of their names, before the agent starts. @default none */
  readonly initContainers: Readonly<Record<string, Companion>>;
  /** Run beside the agent: started before it, ended after it (KEP-753). @default none */
  readonly sidecars: Readonly<Record<string, Sidecar>>;
  /** Reaches the agent from outside through an ingress controller. @default none */
  readonly ingress?: IngressValues;
  /** Reaches the agent from outside through a Gateway. @default none */
  readonly route?: RouteValues;
  /** Run once for each release, before or after its pods are rolled out. @default none */
  readonly jobs: Readonly<Record<string, JobValues>>;
  /** Changes to the finished objects that no other value can make. @default none */
  readonly patches: readonly Patch[];
}

/** What may be set in place of what is derived. */
export interface Overrides {
  /** @default the drain, the longest task and 10 seconds */
  readonly terminationGraceSeconds?: number;
  /** @default the startup budget and 120 seconds */
  readonly progressDeadlineSeconds?: number;
  /** Time between two startup probes; their number follows from the startup budget. @default 1 */
  readonly startupPeriodSeconds?: number;
  /** Pods that may be evicted at once. @default 1 */
  readonly maxUnavailable?: number;
}

/** A folder of a pod. Exactly one of `size`, `claim`, `configMap` and `secret` says what is in it. */
export interface Volume {
  /** Absolute path at which the agent and its companions see it. */
  readonly mountPath: string;
  /** Scratch space of this size that lives as long as the pod. */
  readonly size?: string;
  /** Name of a PersistentVolumeClaim of the namespace. */
  readonly claim?: string;
  /** Name of a ConfigMap of the namespace. */
  readonly configMap?: string;
  /** Name of a Secret of the namespace. */
  readonly secret?: string;
  /** @default false for `size` and `claim`, true for the others */
  readonly readOnly?: boolean;
}

/**
 * A container beside the agent's own. It has the same user, the same locks and the same volumes. The
 * agent's secrets are there for the agent's own image, and in Jobs.
 */
export interface Companion {
  /** By digest. @default the agent's own image */
  readonly image?: string;
  /** @default the image's own */
  readonly command?: readonly string[];
  /** @default none */
  readonly args?: readonly string[];
  /** Environment variables that are no secrets, beside those of the agent's `config`. @default none */
  readonly config?: Readonly<Record<string, string>>;
  /** @default requests 50m, 64Mi, 32Mi; limits 500m, 64Mi, 64Mi */
  readonly resources?: CompanionResources;
}

/** Requests and limits of a companion. */
export interface CompanionResources {
  readonly requests: Quantities;
  readonly limits: Quantities;
}

/** A companion that runs as long as the agent does. */
export interface Sidecar extends Companion {
  /** TCP port on which it answers when it has started; the agent starts after that. @default none */
  readonly port?: number;
}

/** An Ingress. Without TLS there is none. */
export interface IngressValues {
  readonly host: string;
  /** @default / */
  readonly path?: string;
  /** @default the cluster's default class */
  readonly className?: string;
  /** Secret of type kubernetes.io/tls in the namespace. */
  readonly tlsSecret: string;
  /** Namespace of the ingress controller, which the NetworkPolicy then lets in. */
  readonly controllerNamespace: string;
  /** For the ingress controller. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An HTTPRoute of the Gateway API. TLS is the listener's. */
export interface RouteValues {
  readonly hosts: readonly string[];
  /** @default / */
  readonly path?: string;
  readonly gateway: {
    readonly name: string;
    readonly namespace: string;
    /** Name of its HTTPS listener. */
    readonly listener: string;
  };
}

/** A Job. It runs anew when the release or its own values change. */
export interface JobValues extends Companion {
  /** Before the new pods start, or after they are all ready. */
  readonly when: "before" | "after";
  /** Time after which it has failed. @default 300 */
  readonly timeoutSeconds?: number;
  /** Attempts after the first one. @default 0 */
  readonly retries?: number;
}

/**
 * Laid over one object of the agent: maps merge, `null` removes, lists of named items merge by name,
 * other lists are replaced. The result has to fit the Kubernetes API schema.
 */
export interface Patch {
  readonly kind: string;
  /** @default the agent's name, or the only object of that kind */
  readonly name?: string;
  /** Why no other value does it; shown wherever the object is. */
  readonly reason: string;
  readonly patch: Readonly<Record<string, unknown>>;
}

/** `optional` keys may be absent from the stack's env file; the agent then works without them. */
export type SecretNeed = "required" | "optional";

/** When the number of pods changes. */
export interface Autoscaling {
  /** Average CPU use, in percent of the request, that the autoscaler holds. @default 70 */
  readonly cpuPercent: number;
  /**
   * What it watches. `concurrency` holds the requests in flight at 70 % of what a pod takes, from the
   * metric `agent_requests_in_flight`.
   *
   * @default concurrency where the environment has custom metrics, else cpu: a model call waits
   * without using a processor
   */
  readonly signal?: "cpu" | "concurrency";
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
  overrides: {},
  secretsAsEnvironment: [],
  files: {},
  imagePullSecrets: [],
  serviceAccount: { annotations: {} },
  volumes: {},
  initContainers: {},
  sidecars: {},
  jobs: {},
  patches: [],
};

/** What a companion gets when it does not say. */
export const companionResources: CompanionResources = {
  requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "32Mi" },
  limits: { cpu: "500m", memory: "64Mi", "ephemeral-storage": "64Mi" },
};
