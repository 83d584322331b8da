import { configPath, kubeconfigPath } from "./config-paths.ts";
import {
  type Credentials,
  certificatePath,
  encryptionPath,
  keyPath,
  tokenKeyPaths,
} from "./credentials.ts";
import type { Ingredients } from "./ingredients.ts";
import { serverUrl } from "./kubeconfig.ts";
import { type Layout, loopback, network, ports } from "./layout.ts";
import type { Part } from "./parts.ts";
import { answers, trustOf } from "./probes.ts";

/** The API: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/ */
export function apiServer({ paths, tools, credentials }: Ingredients): Part {
  const files = apiServerFiles(paths);
  return {
    name: "kube-apiserver",
    program: tools["kube-apiserver"],
    args: [
      `--bind-address=${network.node}`,
      `--advertise-address=${network.node}`,
      `--secure-port=${ports.apiServer}`,
      `--etcd-servers=https://${loopback(ports.etcd)}`,
      `--service-cluster-ip-range=${network.serviceCidr}`,
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--anonymous-auth=false",
      "--profiling=false",
      // exec and logs would else use the node's name, which no name server knows.
      "--kubelet-preferred-address-types=InternalIP",
      "--requestheader-allowed-names=front-proxy-client",
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      // Straight to the pod of metrics-server, whether or not kube-proxy has written its rules yet.
      "--enable-aggregator-routing=true",
      ...Object.entries(files).map(([flag, path]) => `--${flag}=${path}`),
    ],
    reads: Object.values(files),
    probe: () =>
      answers(`${serverUrl}/readyz`, trustOf(credentials["cluster-ca"], credentials.admin)),
  };
}

/** The files that the API server reads, by the flag of each. */
function apiServerFiles(paths: Layout): Record<string, string> {
  const certificate = (name: Parameters<typeof certificatePath>[1]) => certificatePath(paths, name);
  const key = (name: Parameters<typeof keyPath>[1]) => keyPath(paths, name);
  const token = tokenKeyPaths(paths);
  return {
    "tls-cert-file": certificate("kube-apiserver"),
    "tls-private-key-file": key("kube-apiserver"),
    "client-ca-file": certificate("cluster-ca"),
    "etcd-cafile": certificate("etcd-ca"),
    "etcd-certfile": certificate("etcd-client"),
    "etcd-keyfile": key("etcd-client"),
    "kubelet-certificate-authority": certificate("cluster-ca"),
    "kubelet-client-certificate": certificate("kubelet-client"),
    "kubelet-client-key": key("kubelet-client"),
    "requestheader-client-ca-file": certificate("front-proxy-ca"),
    "proxy-client-cert-file": certificate("front-proxy-client"),
    "proxy-client-key-file": key("front-proxy-client"),
    "service-account-key-file": token.publicKey,
    "service-account-signing-key-file": token.key,
    "encryption-provider-config": encryptionPath(paths),
    "admission-control-config-file": configPath(paths, "admission.json"),
  };
}

/** The controllers: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/ */
export function controllerManager({ paths, tools, credentials }: Ingredients): Part {
  const name = "kube-controller-manager";
  const authority = certificatePath(paths, "cluster-ca");
  const token = tokenKeyPaths(paths).key;
  return {
    name,
    program: tools[name],
    args: [
      ...controllerArgs(paths, name, ports.controllerManager),
      `--root-ca-file=${authority}`,
      `--service-account-private-key-file=${token}`,
      "--use-service-account-credentials=true",
      `--cluster-signing-cert-file=${authority}`,
      `--cluster-signing-key-file=${keyPath(paths, "cluster-ca")}`,
    ],
    reads: [kubeconfigPath(paths, name), authority, token],
    probe: () => healthy(ports.controllerManager, credentials),
  };
}

/** Gives pods a node: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/ */
export function scheduler({ paths, tools, credentials }: Ingredients): Part {
  const name = "kube-scheduler";
  return {
    name,
    program: tools[name],
    args: controllerArgs(paths, name, ports.scheduler),
    reads: [kubeconfigPath(paths, name)],
    probe: () => healthy(ports.scheduler, credentials),
  };
}

function controllerArgs(
  paths: Layout,
  name: "kube-controller-manager" | "kube-scheduler",
  port: number,
) {
  const kubeconfig = kubeconfigPath(paths, name);
  return [
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--tls-cert-file=${certificatePath(paths, name)}`,
    `--tls-private-key-file=${keyPath(paths, name)}`,
    "--leader-elect=false", // There is only one.
    // At the default rate the many controllers would queue for seconds when they start.
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    "--profiling=false",
  ];
}

function healthy(port: number, credentials: Credentials): Promise<void> {
  return answers(`https://${loopback(port)}/healthz`, trustOf(credentials["cluster-ca"]));
}
