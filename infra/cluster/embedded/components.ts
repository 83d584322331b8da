import { join } from "node:path";
import type { clusterTools } from "../../toolchain/manifest.ts";
import { configPath, kubeconfigPath } from "./config.ts";
import {
  type Credentials,
  certificatePath,
  encryptionPath,
  keyPath,
  tokenKeyPaths,
} from "./credentials.ts";
import { serverUrl } from "./kubeconfig.ts";
import { type Layout, network, nodeName, ports } from "./layout.ts";
import type { Part } from "./parts.ts";
import { accepts, answers, type Trust } from "./probes.ts";
import type { SystemPrograms } from "./system-programs.ts";

/** Paths of the programs that come from the toolchain. */
export type Tools = Readonly<Record<(typeof clusterTools)[number], string>>;

/** Everything that the parts are made from. */
export interface Ingredients {
  readonly paths: Layout;
  readonly tools: Tools;
  readonly system: SystemPrograms;
  readonly credentials: Credentials;
}

const local = (port: number) => `127.0.0.1:${port}`;

/** Stores the cluster's objects. Only holders of a certificate of its own authority may talk to it. */
export function etcd({ paths, tools, credentials }: Ingredients): Part {
  const url = `https://${local(ports.etcd)}`;
  const peerUrl = `https://${local(ports.etcdPeer)}`;
  const files = {
    cert: certificatePath(paths, "etcd"),
    key: keyPath(paths, "etcd"),
    ca: certificatePath(paths, "etcd-ca"),
  };
  return {
    name: "etcd",
    program: tools.etcd,
    args: [
      `--name=${nodeName}`,
      `--data-dir=${join(paths.data, "etcd")}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=${nodeName}=${peerUrl}`,
      `--cert-file=${files.cert}`,
      `--key-file=${files.key}`,
      `--trusted-ca-file=${files.ca}`,
      "--client-cert-auth=true",
      `--peer-cert-file=${files.cert}`,
      `--peer-key-file=${files.key}`,
      `--peer-trusted-ca-file=${files.ca}`,
      "--peer-client-cert-auth=true",
      "--log-level=warn",
    ],
    reads: Object.values(files),
    probe: () => answers(`${url}/health`, client(credentials, "etcd-ca", "etcd-client")),
  };
}

/** https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/ */
export function apiServer({ paths, tools, credentials }: Ingredients): Part {
  const certificate = (name: Parameters<typeof certificatePath>[1]) => certificatePath(paths, name);
  const key = (name: Parameters<typeof keyPath>[1]) => keyPath(paths, name);
  const token = tokenKeyPaths(paths);
  const files = {
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
  return {
    name: "kube-apiserver",
    program: tools["kube-apiserver"],
    args: [
      `--bind-address=${network.node}`,
      `--advertise-address=${network.node}`,
      `--secure-port=${ports.apiServer}`,
      `--etcd-servers=https://${local(ports.etcd)}`,
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
    probe: () => answers(`${serverUrl}/readyz`, client(credentials, "cluster-ca", "admin")),
  };
}

/** https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/ */
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

/** https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/ */
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

/** Runs the pods' containers, apart from any containerd of the machine's own. */
export function containerd({ paths, system }: Ingredients): Part {
  const config = configPath(paths, "containerd.toml");
  return {
    name: "containerd",
    program: system.containerd,
    args: ["--config", config],
    reads: [config],
    probe: () => accepts(paths.containerdSocket),
  };
}

/** https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/ */
export function kubelet({ paths, tools }: Ingredients): Part {
  const config = configPath(paths, "kubelet.json");
  return {
    name: "kubelet",
    program: tools.kubelet,
    args: [
      `--config=${config}`,
      `--kubeconfig=${kubeconfigPath(paths, "kubelet")}`,
      `--root-dir=${join(paths.data, "kubelet")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${network.node}`,
    ],
    reads: [config, kubeconfigPath(paths, "kubelet"), certificatePath(paths, "kubelet")],
    probe: () => answers(`http://${local(ports.kubeletHealth)}/healthz`),
  };
}

/** Its health turns good when it has written the rules of the Services. */
export function kubeProxy({ paths, tools }: Ingredients): Part {
  const config = configPath(paths, "kube-proxy.json");
  return {
    name: "kube-proxy",
    program: tools["kube-proxy"],
    args: [`--config=${config}`],
    reads: [config, kubeconfigPath(paths, "kube-proxy")],
    probe: () => answers(`http://${local(ports.proxyHealth)}/healthz`),
  };
}

/** Where images are pushed to and pulled from. */
export function imageRegistry({ paths, system }: Ingredients): Part {
  const config = configPath(paths, "registry.json");
  return {
    name: "registry",
    program: system["docker-registry"],
    args: ["serve", config],
    reads: [config],
    probe: () => answers(`http://${local(ports.registry)}/v2/`),
  };
}

/** Builds images without a container engine. */
export function buildkit({ paths, tools }: Ingredients): Part {
  const config = configPath(paths, "buildkitd.toml");
  return {
    name: "buildkitd",
    program: tools.buildkitd,
    args: ["--config", config],
    reads: [config],
    probe: () => accepts(paths.buildkitSocket),
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
  return answers(`https://${local(port)}/healthz`, { ca: credentials["cluster-ca"].certificate });
}

function client(
  credentials: Credentials,
  authority: "cluster-ca" | "etcd-ca",
  holder: "admin" | "etcd-client",
): Trust {
  const { certificate, key } = credentials[holder];
  return { ca: credentials[authority].certificate, cert: certificate, key };
}
