import { join } from "node:path";
import { configPath, kubeconfigPath } from "./config-paths.ts";
import { certificatePath } from "./credentials.ts";
import type { Ingredients } from "./ingredients.ts";
import { loopback, network, nodeName, ports } from "./layout.ts";
import type { Part } from "./parts.ts";
import { accepts, answers } from "./probes.ts";

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

/** The node: https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/ */
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
    probe: () => answers(`http://${loopback(ports.kubeletHealth)}/healthz`),
  };
}

/** Makes Services reachable. Its health turns good when it has written the rules of the Services. */
export function kubeProxy({ paths, tools }: Ingredients): Part {
  const config = configPath(paths, "kube-proxy.json");
  return {
    name: "kube-proxy",
    program: tools["kube-proxy"],
    args: [`--config=${config}`],
    reads: [config, kubeconfigPath(paths, "kube-proxy")],
    probe: () => answers(`http://${loopback(ports.proxyHealth)}/healthz`),
  };
}
