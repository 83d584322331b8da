import { pulumiVersion } from "../adapters/pulumi/home.ts";

/** The pinned version of every tool, and the Go module that builds it. */
export interface Tool {
  readonly version: string;
  /** Folder under `modules/` whose committed go.mod and go.sum pin the source. */
  readonly module: string;
  /** Go package of the command. */
  readonly package: string;
  /** Linker variables (`-X`) by which the command knows its own version. */
  readonly variables?: readonly string[];
  /** True when the module's `go generate` has to run first. */
  readonly generate?: boolean;
  /** Arguments that make the command print its version. A tool without any is never taken from PATH. */
  readonly versionArgs?: readonly string[];
  /** Where Pulumi looks for it, from PULUMI_HOME, beside Slipway's own cache. */
  readonly pulumiPath?: string;
}

const kubernetes = "1.34.4";

const kubernetesCommand = (name: string): Tool => ({
  version: kubernetes,
  module: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${name}`,
  // Without these the API server reports v0.0.0 and every version skew check fails.
  variables: [
    `k8s.io/component-base/version.gitVersion=v${kubernetes}`,
    `k8s.io/component-base/version.gitMajor=${kubernetes.split(".")[0]}`,
    `k8s.io/component-base/version.gitMinor=${kubernetes.split(".")[1]}`,
  ],
  versionArgs: name === "kubectl" ? ["version", "--client"] : ["--version"],
});

const buildkitCommand = (name: string): Tool => ({
  version: "0.31.0",
  module: "buildkit",
  package: `github.com/moby/buildkit/cmd/${name}`,
  variables: ["github.com/moby/buildkit/version.Version=v0.31.0"],
  versionArgs: ["--version"],
});

const helmCommand = (version: string): Tool => {
  const major = version.split(".", 1)[0];
  return {
    version,
    module: major === "4" ? "helm" : `helm${major}`,
    package: `helm.sh/helm/v${major}/cmd/helm`,
    variables: [`helm.sh/helm/v${major}/internal/version.version=v${version}`],
    versionArgs: ["version", "--short"],
  };
};

const tools = {
  /** The engine. The version is that of the npm package `pulumi`, so that `npx pulumi` runs this one. */
  pulumi: {
    version: pulumiVersion,
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    variables: [`github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`],
    versionArgs: ["version"],
    pulumiPath: `versions/${pulumiVersion}/bin/pulumi`,
  },
  /** Runs Node.js programs for `pulumi up` by hand. 3.68.0 is the newest host inside a public module. */
  "pulumi-language-nodejs": {
    version: "3.68.0",
    module: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    pulumiPath: `versions/${pulumiVersion}/bin/pulumi-language-nodejs`,
  },
  /** The version is that of the npm package @pulumi/kubernetes: the SDK asks the engine for exactly it. */
  "pulumi-resource-kubernetes": {
    version: "4.25.0",
    module: "pulumi-resource-kubernetes",
    package: ".",
    variables: ["github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=4.25.0"],
    generate: true,
    pulumiPath: "plugins/resource-kubernetes-v4.25.0/pulumi-resource-kubernetes",
  },
  "pulumi-resource-docker-build": {
    version: "0.0.22",
    module: "pulumi-resource-docker-build",
    package: "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
    variables: ["github.com/pulumi/pulumi-docker-build/provider.Version=0.0.22"],
    pulumiPath: "plugins/resource-docker-build-v0.0.22/pulumi-resource-docker-build",
  },
  kubectl: kubernetesCommand("kubectl"),
  "kube-apiserver": kubernetesCommand("kube-apiserver"),
  "kube-controller-manager": kubernetesCommand("kube-controller-manager"),
  "kube-scheduler": kubernetesCommand("kube-scheduler"),
  "kube-proxy": kubernetesCommand("kube-proxy"),
  kubelet: kubernetesCommand("kubelet"),
  etcd: {
    version: "3.6.16",
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    versionArgs: ["--version"],
  },
  coredns: {
    version: "1.12.4",
    module: "coredns",
    package: "github.com/coredns/coredns",
    versionArgs: ["-version"],
  },
  "metrics-server": {
    version: "0.9.0",
    module: "metrics-server",
    package: "sigs.k8s.io/metrics-server/cmd/metrics-server",
  },
  /** The sandbox process of every pod on the embedded cluster. */
  pause: { version: "1.0.0", module: "pause", package: "." },
  buildctl: buildkitCommand("buildctl"),
  buildkitd: buildkitCommand("buildkitd"),
  /** For `npm run check`: lints the workflows. */
  actionlint: {
    version: "1.7.12",
    module: "actionlint",
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    variables: ["github.com/rhysd/actionlint.version=v1.7.12"],
    versionArgs: ["-version"],
  },
  /** For `bench`, and to test what `export helm` makes. */
  helm: helmCommand("4.3.1"),
  /** For tests of `export helm` only. */
  helm3: helmCommand("3.22.0"),
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

/** Every tool that Slipway may use, by the name of its program. */
export const manifest: Readonly<Record<ToolName, Tool>> = tools;

/** What `deploy` and `build` need, whatever cluster they talk to. */
export const engineTools = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-kubernetes",
  "pulumi-resource-docker-build",
  "kubectl",
] as const satisfies readonly ToolName[];

/** What the embedded cluster is made of, beside system packages. */
export const clusterTools = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
  "coredns",
  "metrics-server",
  "pause",
  "buildctl",
  "buildkitd",
] as const satisfies readonly ToolName[];
