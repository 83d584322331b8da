/** What one versioned package declares about its agent, from `package.yaml`. */
export interface Package {
  /** DNS label, at most 50 characters: it names every object of the agent. */
  readonly name: string;
  /** Semantic version of the package itself. */
  readonly version: string;
  /** Version of the agent inside, as its users know it. */
  readonly appVersion: string;
  /** What the agent is for, in a line. */
  readonly description?: string;
  /** Versions of Kubernetes that the package supports, such as `>=1.30`. */
  readonly kubernetes: string;
  readonly image: PackageImage;
  readonly agent: AgentContract;
  /** Folder of the texts that the agent is prompted with. They are mounted below `/etc/agent`. */
  readonly prompts?: string;
  /** File that says which model the agent asks, and how. It is mounted below `/etc/agent`. */
  readonly model?: string;
  /** File that says which tools the agent may call. It is mounted below `/etc/agent`. */
  readonly tools?: string;
  /** Packages whose agents have to run in the same stack. @default none */
  readonly dependencies: readonly Dependency[];
}

/** Where the image is built from. */
export interface PackageImage {
  /** Folder of the build context, relative to the package. */
  readonly context: string;
  /** Passed to the build as `BASE_IMAGE`. @default the Dockerfile's own */
  readonly baseImage?: string;
}

/** Another package that this one needs beside it. */
export interface Dependency {
  readonly name: string;
  /** Range of versions, such as `^1.2.0`. */
  readonly version: string;
  /** `oci://host/path` without a tag. @default the folder of that name beside this package */
  readonly repository?: string;
}

/** What the agent promises to the platform. Probes, grace period and deadlines are derived from it. */
export interface AgentContract {
  /** Port that serves the API and the probes. Absent for an agent that serves nobody, such as a worker. */
  readonly port?: number;
  readonly probes: { readonly startup: Probe; readonly ready: Probe; readonly live: Probe };
  /** Absent for an agent that needs no more than SIGTERM to end in order. */
  readonly drain?: Drain;
  /** Longest time from process start until the startup probe passes. */
  readonly startupBudgetSeconds: number;
  /** Longest time that one request, stream or task may take. */
  readonly longestTaskSeconds: number;
  /** Requests or tasks that one pod takes at once; above it the agent answers 503. */
  readonly concurrencyPerPod: number;
}

/**
 * How the kubelet asks: a path on the agent's port, or a command in its container. `live` must not
 * depend on anything outside the process.
 */
export type Probe = string | { readonly command: readonly string[] };

/** The hook that an agent offers so that no request is lost when its pod goes. */
export interface Drain {
  /** Port that serves the hook. No Service exposes it. */
  readonly port: number;
  /** Path that starts the drain and answers when no new request comes any more. */
  readonly path: string;
  /** How long the hook blocks. */
  readonly seconds: number;
}
