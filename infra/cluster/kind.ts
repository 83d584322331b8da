import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../adapters/files.ts";
import { stateFolder } from "../adapters/paths.ts";
import { CommandError, run } from "../adapters/process.ts";
import { UserError } from "../domain/errors.ts";
import type { Cluster, ClusterDriver, PartStatus } from "./driver.ts";
import { publishedNodePort, publishedNodePortNote } from "./published-node-port.ts";

const clusterName = "slipway";
const registryName = "slipway-registry";
const registryPort = 5000;
const registryImage = "registry:2";

/** https://kind.sigs.k8s.io/docs/user/configuration/ */
const configuration = {
  kind: "Cluster",
  apiVersion: "kind.x-k8s.io/v1alpha4",
  containerdConfigPatches: [
    '[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n',
  ],
  nodes: [
    {
      role: "control-plane",
      extraPortMappings: [
        {
          containerPort: publishedNodePort,
          hostPort: publishedNodePort,
          listenAddress: "127.0.0.1",
        },
      ],
    },
  ],
};

/**
 * A kind cluster with a registry beside it, connected the way kind documents it
 * (https://kind.sigs.k8s.io/docs/user/local-registry/).
 *
 * @param folder where the kubeconfig goes.
 */
export function kindDriver(folder: string = join(stateFolder, "kind")): ClusterDriver {
  const kubeconfig = join(folder, "kubeconfig");
  const cluster: Cluster = {
    driver: "kind",
    kubeconfig,
    context: `kind-${clusterName}`,
    registry: `localhost:${registryPort}`,
    address: "127.0.0.1",
    builder: "docker",
  };
  return {
    name: "kind",
    plan: async () => {
      const { cluster: node, registry } = await readStates();
      return [
        ...(registry === "running"
          ? []
          : [`run the container ${registryName} on 127.0.0.1:${registryPort}`]),
        ...(node === "running" ? [] : [`create the kind cluster "${clusterName}" in Docker`]),
      ];
    },
    up: async (report) => {
      await requireDocker();
      const states = await readStates();
      report("Starting the image registry");
      await ensureRegistry(states.registry);
      report("Starting the kind cluster");
      await ensureCluster(states.cluster, folder, kubeconfig);
      await connectRegistry();
      return cluster;
    },
    status: async () => {
      const states = await readStates();
      const parts: PartStatus[] = [
        { name: "cluster", state: states.cluster },
        { name: "registry", state: states.registry },
      ];
      const running = parts.every(({ state }) => state === "running");
      return { driver: "kind", running, parts, notes: [publishedNodePortNote] };
    },
    down: async (report) => {
      report("Deleting the kind cluster and its registry");
      await run("kind", ["delete", "cluster", "--name", clusterName, "--kubeconfig", kubeconfig]);
      if ((await containerState(registryName)) !== "missing")
        await run("docker", ["rm", "--force", "--volumes", registryName]);
    },
  };
}

async function ensureRegistry(state: PartStatus["state"]): Promise<void> {
  if (state === "stopped") await run("docker", ["start", registryName]);
  if (state !== "missing") return;
  const publish = `127.0.0.1:${registryPort}:5000`;
  await run("docker", [
    "run",
    "--detach",
    "--restart=unless-stopped",
    `--publish=${publish}`,
    `--name=${registryName}`,
    registryImage,
  ]);
}

async function ensureCluster(
  state: PartStatus["state"],
  folder: string,
  kubeconfig: string,
): Promise<void> {
  const target = ["--name", clusterName, "--kubeconfig", kubeconfig];
  if (state === "missing") {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const config = join(folder, "kind.json");
    await writeAtomically(config, JSON.stringify(configuration));
    await run("kind", ["create", "cluster", ...target, "--config", config, "--wait", "120s"]);
    return;
  }
  if (state === "stopped") await run("docker", ["start", nodeContainer]);
  await run("kind", ["export", "kubeconfig", ...target]);
}

/** Makes "localhost:5000" mean the registry's container inside the node too. */
async function connectRegistry(): Promise<void> {
  const hosts = `[host."http://${registryName}:5000"]\n`;
  const path = `/etc/containerd/certs.d/localhost:${registryPort}/hosts.toml`;
  await run("docker", ["exec", nodeContainer, "mkdir", "-p", join(path, "..")]);
  await run("docker", ["exec", "--interactive", nodeContainer, "cp", "/dev/stdin", path], {
    input: hosts,
  });
  const networks = ["inspect", "--format", "{{json .NetworkSettings.Networks.kind}}", registryName];
  const { stdout } = await run("docker", networks);
  if (stdout.trim() === "null") await run("docker", ["network", "connect", "kind", registryName]);
}

const nodeContainer = `${clusterName}-control-plane`;

async function readStates() {
  const [cluster, registry] = await Promise.all([nodeContainer, registryName].map(containerState));
  return { cluster: cluster ?? "missing", registry: registry ?? "missing" };
}

async function containerState(name: string): Promise<PartStatus["state"]> {
  try {
    const format = ["--format", "{{.State.Running}}"];
    const { stdout } = await run("docker", ["container", "inspect", ...format, name]);
    return stdout.trim() === "true" ? "running" : "stopped";
  } catch (error) {
    if (error instanceof CommandError) return "missing";
    throw error;
  }
}

async function requireDocker(): Promise<void> {
  try {
    await run("docker", ["version"], { timeoutMs: 10_000 });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError("no-docker", `Docker does not answer\n${error.message}`, "docker info", {
      cause: error,
    });
  }
}
