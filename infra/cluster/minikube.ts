import { join } from "node:path";
import { stateFolder } from "../adapters/paths.ts";
import { CommandError, plainEnvironment, run } from "../adapters/process.ts";
import type { ClusterDriver, PartStatus } from "./driver.ts";
import { publishedNodePort, publishedNodePortNote } from "./published-node-port.ts";

const profile = "slipway";
const profileArgs = ["--profile", profile];

const addons = ["metrics-server", "registry"];

/** What `minikube status --output=json` says of a profile with one node. */
interface MinikubeStatus {
  readonly Host: string;
  readonly Kubelet: string;
  readonly APIServer: string;
}

/**
 * A minikube profile of its own with the add-ons `metrics-server` and `registry`. The node's registry
 * is published on this machine under the address by which the node itself knows it
 * (https://minikube.sigs.k8s.io/docs/handbook/registry/).
 *
 * @param folder where the kubeconfig goes.
 */
export function minikubeDriver(folder: string = join(stateFolder, "minikube")): ClusterDriver {
  const kubeconfig = join(folder, "kubeconfig");
  const minikube = (...args: string[]) =>
    run("minikube", [...args, ...profileArgs], {
      env: plainEnvironment({ KUBECONFIG: kubeconfig }),
    });
  return {
    name: "minikube",
    plan: async () =>
      (await isRunning()) ? [] : [`start the minikube profile "${profile}" in Docker`],
    up: async (report) => {
      report("Starting minikube");
      await minikube(
        "start",
        "--driver=docker",
        `--addons=${addons.join(",")}`,
        `--ports=127.0.0.1:5000:5000,127.0.0.1:${publishedNodePort}:${publishedNodePort}`,
        "--wait=all",
      );
      return {
        driver: "minikube",
        kubeconfig,
        context: profile,
        registry: "localhost:5000",
        address: "127.0.0.1",
        builder: "docker",
      };
    },
    status: async () => {
      const parts = await readParts();
      const running = parts.every(({ state }) => state === "running");
      return { driver: "minikube", running, parts, notes: [publishedNodePortNote] };
    },
    down: async (report) => {
      report("Deleting the minikube profile");
      await minikube("delete");
    },
  };
}

async function isRunning(): Promise<boolean> {
  return (await readParts()).every(({ state }) => state === "running");
}

async function readParts(): Promise<PartStatus[]> {
  const status = await readStatus();
  return (["Host", "Kubelet", "APIServer"] as const).map((name) => ({
    name,
    state: status === undefined ? "missing" : status[name] === "Running" ? "running" : "stopped",
  }));
}

/** Its exit code says which parts are down, so the output counts also when it is not 0. */
async function readStatus(): Promise<MinikubeStatus | undefined> {
  const args = ["status", "--output=json", ...profileArgs];
  const text = await run("minikube", args).then(
    ({ stdout }) => stdout,
    (error) => {
      if (error instanceof CommandError) return error.stdout;
      throw error;
    },
  );
  try {
    const status: MinikubeStatus = JSON.parse(text);
    return status.Host === "Nonexistent" ? undefined : status;
  } catch {
    return undefined; // Without the profile it prints a sentence.
  }
}
