import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists, writeAtomically } from "../../adapters/files.ts";
import { type Credentials, certificatePath } from "./credentials.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import { cgroup, type Layout, network, nodeName, ports } from "./layout.ts";

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

/** Where a component's kubeconfig is. */
export const kubeconfigPath = (paths: Layout, component: string) =>
  join(paths.config, `${component}.kubeconfig`);

/** Where a configuration file is, by its name. */
export const configPath = (paths: Layout, name: string) => join(paths.config, name);

const components = ["kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"] as const;

/** Writes every configuration file, and makes the folders that programs expect. */
export async function writeConfiguration(
  paths: Layout,
  credentials: Credentials,
  settings: Settings,
): Promise<void> {
  const files: Record<string, string> = {
    [paths.kubeconfig]: renderKubeconfig(credentials.admin, credentials["cluster-ca"]),
  };
  for (const name of components)
    files[kubeconfigPath(paths, name)] = renderKubeconfig(
      credentials[name],
      credentials["cluster-ca"],
    );
  for (const [name, content] of Object.entries(renderConfiguration(paths, settings)))
    files[configPath(paths, name)] = content;
  const folders = [paths.logs, join(paths.run, "tmp"), join(paths.data, "volume-plugins")];
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [path, content] of Object.entries(files)) {
    if ((await readIfExists(path)) !== content) await writeAtomically(path, content);
  }
}

/** The configuration files by their names below the configuration folder. */
export function renderConfiguration(paths: Layout, settings: Settings): Record<string, string> {
  return {
    "admission.json": JSON.stringify(admission()),
    "kubelet.json": JSON.stringify(kubelet(paths)),
    "kube-proxy.json": JSON.stringify(kubeProxy(paths)),
    "cni/10-slipway.conflist": JSON.stringify(cni(paths)),
    [`registries/localhost:${ports.registry}/hosts.toml`]: registryHosts,
    "containerd.toml": containerd(paths, settings),
    "buildkitd.toml": buildkitd(paths, settings),
    "registry.json": JSON.stringify(registryServer(paths)),
    // Without name servers or search domains: pods must not learn those of the machine's network.
    "resolv.conf": "",
  };
}

/**
 * Pods that could take over the node are refused in every namespace that does not ask for a level
 * of its own; the sample packages ask for `restricted`.
 * https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/
 */
function admission() {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults: { enforce: "baseline", "enforce-version": "latest" },
        },
      },
    ],
  };
}

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
function kubelet(paths: Layout) {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.node,
    port: ports.kubelet,
    readOnlyPort: 0,
    healthzBindAddress: "127.0.0.1",
    healthzPort: ports.kubeletHealth,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificatePath(paths, "cluster-ca") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: certificatePath(paths, "kubelet"),
    tlsPrivateKeyFile: certificatePath(paths, "kubelet").replace(/crt$/, "key"),
    containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    seccompDefault: true,
    serializeImagePulls: false,
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    clusterDNS: [network.dnsService],
    clusterDomain: "cluster.local",
    resolvConf: configPath(paths, "resolv.conf"),
    podLogsDir: join(paths.logs, "pods"),
    volumePluginDir: join(paths.data, "volume-plugins"),
    // The machine is a developer's: a disk that is 85 % full is an ordinary one.
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "500Mi",
      "imagefs.available": "500Mi",
    },
    imageGCHighThresholdPercent: 100,
  };
}

/** https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
function kubeProxy(paths: Layout) {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: kubeconfigPath(paths, "kube-proxy") },
    hostnameOverride: nodeName,
    mode: "iptables",
    clusterCIDR: network.podCidr,
    healthzBindAddress: `127.0.0.1:${ports.proxyHealth}`,
    metricsBindAddress: `127.0.0.1:${ports.proxyMetrics}`,
    nodePortAddresses: ["127.0.0.0/8"],
    iptables: { localhostNodePorts: true, minSyncPeriod: "0s" },
    // 0 leaves the machine's own settings alone.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    oomScoreAdj: 0,
  };
}

/**
 * The bridge is ours and stays without `isGateway`, with which the plugin would turn on IP
 * forwarding for every interface of the machine. https://www.cni.dev/plugins/current/main/bridge/
 */
function cni(paths: Layout) {
  return {
    cniVersion: "1.0.0",
    name: "slipway",
    plugins: [
      {
        type: "bridge",
        bridge: network.bridge,
        hairpinMode: true,
        ipMasq: false,
        ipam: {
          type: "host-local",
          dataDir: join(paths.data, "addresses"),
          ranges: [[{ subnet: network.nodeCidr, gateway: network.node }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
    ],
  };
}

/** https://github.com/containerd/containerd/blob/release/1.6/docs/hosts.md */
const registryHosts = `server = "http://localhost:${ports.registry}"

[host."http://localhost:${ports.registry}"]
  capabilities = ["pull", "resolve"]
`;

/** https://github.com/containerd/containerd/blob/release/1.6/docs/cri/config.md */
function containerd(paths: Layout, settings: Settings): string {
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

/** https://docs.docker.com/build/buildkit/toml-configuration/ */
function buildkitd(paths: Layout, settings: Settings): string {
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

/** https://distribution.github.io/distribution/about/configuration/ */
function registryServer(paths: Layout) {
  return {
    version: 0.1,
    log: { level: "warn" },
    storage: {
      filesystem: { rootdirectory: join(paths.data, "registry") },
      delete: { enabled: true },
    },
    http: { addr: `127.0.0.1:${ports.registry}` },
  };
}
