import { defaultKubeconfig } from "../adapters/kubernetes/kubeconfig.ts";
import { CommandError, run } from "../adapters/process.ts";
import { UserError } from "../domain/errors.ts";
import { ensureTools } from "../toolchain/tools.ts";
import type { Cluster, ClusterDriver } from "./driver.ts";

/** Which cluster of the user's own to use. */
export interface ContextOptions {
  /** Name of a context in the kubeconfig. @default the current one */
  readonly context?: string;
  /** Where images are pushed and what the cluster's nodes pull from. */
  readonly registry?: string;
  /** Host on which NodePorts answer. @default the host of the API server */
  readonly address?: string;
  /** The kubeconfig file. @default the first one of KUBECONFIG, else ~/.kube/config */
  readonly kubeconfig?: string;
}

/** A cluster that exists already. It is used and never changed: `down` only forgets it. */
export function contextDriver(options: ContextOptions): ClusterDriver {
  const kubeconfig = options.kubeconfig ?? defaultKubeconfig();
  return {
    name: "context",
    plan: async () => [],
    up: async (report) => {
      const registry = options.registry;
      if (!registry) throw missingRegistry();
      const context = options.context ?? (await currentContext(kubeconfig));
      report(`Asking the cluster of context ${context}`);
      await askServer(kubeconfig, context);
      const address = options.address ?? (await serverHost(kubeconfig, context));
      return {
        driver: "context",
        kubeconfig,
        context,
        registry,
        address,
        builder: "docker",
      } satisfies Cluster;
    },
    status: async () => {
      const context = options.context ?? (await currentContext(kubeconfig));
      const part = await askServer(kubeconfig, context).then(
        () => ({ name: `context ${context}`, state: "running" as const }),
        (error: Error) => ({
          name: `context ${context}`,
          state: "stopped" as const,
          detail: error.message,
        }),
      );
      return { driver: "context", running: part.state === "running", parts: [part], notes: [] };
    },
    down: async (report) => report("The cluster is not Slipway's: it stays as it is"),
  };
}

function missingRegistry(): UserError {
  return new UserError(
    "no-registry",
    "For an existing cluster Slipway can't know the registry that its nodes pull from",
    "npx slipway cluster up --driver context --registry registry.example.com/team",
  );
}

async function currentContext(kubeconfig: string): Promise<string> {
  try {
    return (await kubectl(kubeconfig, ["config", "current-context"])).trim();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(
      "no-context",
      `${kubeconfig} has no current context`,
      "kubectl config get-contexts  # then name one: npx slipway cluster up --driver context --context <name>",
      { cause: error },
    );
  }
}

async function askServer(kubeconfig: string, context: string): Promise<void> {
  try {
    await kubectl(kubeconfig, [
      "--context",
      context,
      "get",
      "--raw",
      "/readyz",
      "--request-timeout=5s",
    ]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(
      "cluster-unreachable",
      `The cluster of context ${context} in ${kubeconfig} does not answer\n${error.stderr.trim()}`,
      `kubectl --context ${context} cluster-info`,
      { cause: error },
    );
  }
}

async function serverHost(kubeconfig: string, context: string): Promise<string> {
  const view = ["config", "view", "--minify", "--context", context, "--output"];
  const server = await kubectl(kubeconfig, [...view, "jsonpath={.clusters[0].cluster.server}"]);
  return new URL(server).hostname;
}

async function kubectl(kubeconfig: string, args: readonly string[]): Promise<string> {
  const tools = await ensureTools(["kubectl"], () => {});
  return (await run(tools.kubectl, ["--kubeconfig", kubeconfig, ...args])).stdout;
}
