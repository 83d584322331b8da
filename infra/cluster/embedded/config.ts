import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists, writeAtomically } from "../../adapters/files.ts";
import {
  buildkitdConfig,
  containerdConfig,
  registryConfig,
  registryHosts,
  type Settings,
} from "./config-images.ts";
import { admissionConfig, cniConfig, kubeletConfig, kubeProxyConfig } from "./config-node.ts";
import { configPath, kubeconfigPath } from "./config-paths.ts";
import type { Credentials } from "./credentials.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import { type Layout, ports } from "./layout.ts";

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
    "admission.json": JSON.stringify(admissionConfig()),
    "kubelet.json": JSON.stringify(kubeletConfig(paths)),
    "kube-proxy.json": JSON.stringify(kubeProxyConfig(paths)),
    "cni/10-slipway.conflist": JSON.stringify(cniConfig(paths)),
    [`registries/localhost:${ports.registry}/hosts.toml`]: registryHosts,
    "containerd.toml": containerdConfig(paths, settings),
    "buildkitd.toml": buildkitdConfig(paths, settings),
    "registry.json": JSON.stringify(registryConfig(paths)),
    // Without name servers or search domains: pods must not learn those of the machine's network.
    "resolv.conf": "",
  };
}
