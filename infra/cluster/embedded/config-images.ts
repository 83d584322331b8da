import { join } from "node:path";
import { configPath } from "./config-paths.ts";
import { cgroup, type Layout, loopback, ports } from "./layout.ts";

/** What of the configuration depends on the machine. */
export interface Settings {
  /** Reference of the image of every pod's sandbox. */
  readonly pauseImage: string;
  /** Folder of the CNI plugins. */
  readonly cniPlugins: string;
  /** Path of runc. */
  readonly runc: string;
  /** True where a process may lower its OOM score, which a container's start does. */
  readonly mayLowerOomScore: boolean;
}

/** Where containerd finds the local registry: https://github.com/containerd/containerd/blob/release/1.6/docs/hosts.md */
export const registryHosts = `server = "http://localhost:${ports.registry}"

[host."http://localhost:${ports.registry}"]
  capabilities = ["pull", "resolve"]
`;

/** containerd's configuration: https://github.com/containerd/containerd/blob/release/1.6/docs/cri/config.md */
export function containerdConfig(paths: Layout, settings: Settings): string {
  const text = JSON.stringify;
  return `version = 2
root = ${text(join(paths.data, "containerd"))}
state = ${text(join(paths.run, "containerd"))}

[grpc]
  address = ${text(paths.containerdSocket)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${text(join(paths.data, "containerd-opt"))}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(settings.pauseImage)}
  restrict_oom_score_adj = ${!settings.mayLowerOomScore}
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(settings.cniPlugins)}
    conf_dir = ${text(configPath(paths, "cni"))}
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${text(configPath(paths, "registries"))}
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = ${text(settings.runc)}
      Root = ${text(join(paths.run, "runc"))}
`;
}

/** BuildKit's configuration: https://docs.docker.com/build/buildkit/toml-configuration/ */
export function buildkitdConfig(paths: Layout, settings: Settings): string {
  const text = JSON.stringify;
  return `root = ${text(join(paths.data, "buildkit"))}

[grpc]
  address = [${text(`unix://${paths.buildkitSocket}`)}]

[otel]
  socketPath = ${text(join(paths.run, "buildkit-traces.sock"))}

[worker.containerd]
  enabled = false

[worker.oci]
  enabled = true
  snapshotter = "overlayfs"
  binary = ${text(settings.runc)}
  defaultCgroupParent = ${text(cgroup)}

[registry."localhost:${ports.registry}"]
  http = true
`;
}

/** The registry's configuration: https://distribution.github.io/distribution/about/configuration/ */
export function registryConfig(paths: Layout) {
  return {
    version: 0.1,
    log: { level: "warn" },
    storage: {
      filesystem: { rootdirectory: join(paths.data, "registry") },
      delete: { enabled: true },
    },
    http: { addr: loopback(ports.registry) },
  };
}
