/** What one versioned package declares about its agent, from `package.yaml`. */
export interface Package {
  /** DNS label, at most 50 characters: it names every object of the agent. */
  readonly name: string;
  /** Semantic version of the package itself. */
  readonly version: string;
  /** Version of the agent inside, as its users know it. */
  readonly appVersion: string;
  /** Versions of Kubernetes that the package supports, such as `>=1.30`. */
  readonly kubernetes: string;
  readonly image: PackageImage;
  readonly agent: AgentContract;
}

/** Where the image is built from. */
export interface PackageImage {
  /** Folder of the build context, relative to the package. */
  readonly context: string;
  /** Passed to the build as `BASE_IMAGE`. @default the Dockerfile's own */
  readonly baseImage?: string;
}

/** What the agent promises to the platform. Probes, grace period and deadlines are derived from it. */
export interface AgentContract {
  /** Port that serves the API and the probes. */
  readonly port: number;
  /** Port that serves the drain hook. No Service exposes it. */
  readonly adminPort: number;
  /** Paths on `port`. `live` must not depend on anything outside the process. */
  readonly probes: { readonly startup: string; readonly ready: string; readonly live: string };
  /** Path on `adminPort` that starts the drain and answers when no new request comes any more. */
  readonly drainPath: string;
  /** How long the drain hook blocks. */
  readonly drainSeconds: number;
  /** Longest time from process start until the startup probe passes. */
  readonly startupBudgetSeconds: number;
  /** Longest time that one request or stream may take. */
  readonly longestTaskSeconds: number;
  /** Requests that one pod serves at once; above it the agent answers 503. */
  readonly concurrencyPerPod: number;
}
