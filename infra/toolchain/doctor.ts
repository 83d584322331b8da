import { statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { root } from "../adapters/paths.ts";
import { goVersion } from "./build.ts";
import { findDownload } from "./download.ts";
import { clusterTools, engineTools, manifest, type ToolName } from "./manifest.ts";
import { isIntact } from "./store.ts";
import { findTool } from "./tools.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  readonly state: "ok" | "missing" | "bad";
  /** What was found: version, origin, path, amount. */
  readonly detail: string;
  /** The command that fixes it, when something has to be fixed. */
  readonly fix?: string;
}

/** The local cluster, as far as it is looked at. */
export interface LocalCluster {
  readonly driver: string;
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  readonly context: string;
}

/**
 * Looks at every tool, the cluster and the machine. Nothing is changed or fetched.
 *
 * @param cluster undefined when there is none
 */
export async function diagnoseMachine(
  cluster: LocalCluster | undefined,
): Promise<readonly Finding[]> {
  const embedded = !cluster || cluster.driver === "embedded";
  const names = [...new Set<ToolName>([...engineTools, ...(embedded ? clusterTools : [])])];
  return [
    await checkGo(),
    ...(await Promise.all(names.map(checkTool))),
    ...(cluster ? await checkCluster(cluster.kubeconfig, cluster.context) : [noCluster]),
    checkMemory(),
    await checkDisk(),
  ];
}

const noCluster: Finding = {
  name: "cluster",
  state: "missing",
  detail: "there is no local cluster yet",
  fix: "npx slipway cluster up",
};

async function checkGo(): Promise<Finding> {
  const version = await goVersion();
  if (version)
    return { name: "go", state: "ok", detail: `${version}, builds what has no download` };
  return {
    name: "go",
    state: "missing",
    detail: "needed only where official downloads cannot be reached",
    fix: "Install Go 1.26 or later: https://go.dev/doc/install",
  };
}

async function checkTool(name: ToolName): Promise<Finding> {
  const { version } = manifest[name];
  const found = await findTool(name);
  if (!found) {
    const how = (await findDownload(name))
      ? "will be downloaded, or built from source"
      : "will be built from source";
    return {
      name,
      state: "missing",
      detail: `${version} ${how} when it is needed`,
      fix: "npx slipway cluster up",
    };
  }
  const detail = `${version} ${found.origin} ${found.path}`;
  if (found.origin === "PATH" || (await isIntact(name))) return { name, state: "ok", detail };
  return {
    name,
    state: "bad",
    detail: `${detail} was changed`,
    fix: `rm ${found.path} && npx slipway cluster up`,
  };
}

async function checkCluster(kubeconfig: string, context: string): Promise<Finding[]> {
  try {
    const client = await KubernetesClient.connect(kubeconfig, context);
    const { gitVersion } = await client.get<{ gitVersion: string }>("/version", 3_000);
    const metrics = await client.find("/apis/metrics.k8s.io/v1beta1/nodes").catch(() => undefined);
    client.close();
    return [
      {
        name: "cluster",
        state: "ok",
        detail: `${gitVersion} at context ${context} of ${kubeconfig}`,
      },
      metrics
        ? { name: "metrics API", state: "ok", detail: "answers, so autoscaling works" }
        : {
            name: "metrics API",
            state: "missing",
            detail: "autoscaling has nothing to go by",
            fix: "npx slipway cluster up",
          },
    ];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ name: "cluster", state: "bad", detail, fix: "npx slipway cluster up" }];
  }
}

const gib = 1024 ** 3;

function checkMemory(): Finding {
  const [free, total] = [freemem() / gib, totalmem() / gib];
  const detail = `${free.toFixed(1)} of ${total.toFixed(1)} GiB free`;
  if (total >= 3.5) return { name: "memory", state: "ok", detail };
  return { name: "memory", state: "bad", detail, fix: "Use a machine with 4 GiB or more" };
}

async function checkDisk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(root);
  const free = (bavail * bsize) / gib;
  const detail = `${free.toFixed(1)} GiB free`;
  if (free >= 8) return { name: "disk", state: "ok", detail };
  return { name: "disk", state: "bad", detail, fix: "Free 8 GiB: builds and images need them" };
}
