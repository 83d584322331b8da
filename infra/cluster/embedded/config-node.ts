import { join } from "node:path";
import { configPath, kubeconfigPath } from "./config-paths.ts";
import { certificatePath, keyPath } from "./credentials.ts";
import { cgroup, type Layout, loopback, network, nodeName, ports } from "./layout.ts";

/**
 * Pods that could take over the node are refused in every namespace that does not ask for a level
 * of its own; the sample packages ask for `restricted`.
 * https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/
 */
export function admissionConfig() {
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

/** The kubelet's configuration: https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
export function kubeletConfig(paths: Layout) {
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
    tlsPrivateKeyFile: keyPath(paths, "kubelet"),
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
    // It is the only node, and its range of addresses has room for 253.
    maxPods: 200,
    // The machine is a developer's: a disk that is 85 % full is an ordinary one.
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "500Mi",
      "imagefs.available": "500Mi",
    },
    imageGCHighThresholdPercent: 100,
  };
}

/** kube-proxy's configuration: https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
export function kubeProxyConfig(paths: Layout) {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: kubeconfigPath(paths, "kube-proxy") },
    hostnameOverride: nodeName,
    mode: "iptables",
    clusterCIDR: network.podCidr,
    healthzBindAddress: loopback(ports.proxyHealth),
    metricsBindAddress: loopback(ports.proxyMetrics),
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
export function cniConfig(paths: Layout) {
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
