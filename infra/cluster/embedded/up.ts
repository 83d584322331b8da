import { readFileSync } from "node:fs";
import type { Report } from "../../adapters/report.ts";
import { UserError } from "../../domain/errors.ts";
import { clusterTools } from "../../toolchain/manifest.ts";
import { ensureTools } from "../../toolchain/tools.ts";
import { applyAddons, resolvesNames } from "./addons/addons.ts";
import { type Api, openApi } from "./api.ts";
import { ensureBridge, refuseForeignRoutes } from "./bridge.ts";
import { ensureCgroups } from "./cgroups.ts";
import { writeConfiguration } from "./config.ts";
import { apiServer, controllerManager, scheduler } from "./control-plane.ts";
import { ensureCredentials } from "./credentials.ts";
import { etcd } from "./etcd.ts";
import { ensureFirewall } from "./firewall.ts";
import { buildkit, imageRegistry } from "./image-services.ts";
import { ensureImages, type Images, nameImages } from "./images.ts";
import type { Ingredients } from "./ingredients.ts";
import { type Layout, listenAddresses, nodeName, type PartName, partNames } from "./layout.ts";
import { ensureBridgeFiltering, recordMachine } from "./machine.ts";
import { containerd, kubelet, kubeProxy } from "./node.ts";
import { ensurePart, type Part } from "./parts.ts";
import {
  refuseFullDisk,
  refuseLongPath,
  refuseTakenPorts,
  refuseUnsupported,
} from "./preflight.ts";
import { clusterProcesses, partProcesses } from "./processes.ts";
import { removeDeadRuntime } from "./runtime-state.ts";
import { ensureSystemPrograms } from "./system-programs.ts";
import { waitUntil } from "./wait.ts";

/**
 * Brings the cluster up from whatever state it is in. Every step looks first and changes only what
 * is not as it should be, so a healthy cluster costs a look and a broken one what is broken of it.
 */
export async function bringUp(paths: Layout, report: Report): Promise<void> {
  refuseUnsupported();
  refuseLongPath(paths);
  const stopped = stoppedParts(paths);
  if (stopped.length > 0) await refuseFullDisk(paths);
  await refuseTakenPorts(stopped.flatMap((name) => listenAddresses[name]));
  const system = await ensureSystemPrograms(report);
  await refuseForeignRoutes();
  const tools = await ensureTools(clusterTools, report);
  const images = await nameImages(tools);
  await recordMachine(paths);
  const credentials = await ensureCredentials(paths, new Date());
  await writeConfiguration(paths, credentials, {
    pauseImage: images.pause,
    cniPlugins: system.cniPlugins,
    runc: system.runc,
    mayLowerOomScore: hasCapability(capSysResource),
  });
  await prepareMachine(paths);
  const ingredients = { paths, tools, system, credentials };
  const api = openApi(credentials);
  const failure = new AbortController();
  try {
    await startParts(ingredients, images, api, report, failure.signal);
  } finally {
    failure.abort(); // What still waits for something would keep this process from ending.
    api.close();
  }
}

async function prepareMachine(paths: Layout): Promise<void> {
  await removeDeadRuntime(paths);
  ensureCgroups();
  await ensureBridgeFiltering();
  await ensureBridge();
  await ensureFirewall();
}

async function startParts(
  ingredients: Ingredients,
  images: Images,
  api: Api,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { paths, tools, credentials } = ingredients;
  const ensure = (make: (from: Ingredients) => Part) =>
    ensurePart(make(ingredients), paths, signal);
  report("Starting the image registry, BuildKit, containerd, etcd and the API server");
  const imagesReady = Promise.all([ensure(imageRegistry), ensure(buildkit)]).then(() =>
    ensureImages(images, tools, paths),
  );
  const runtimeReady = ensure(containerd);
  // The API server waits for etcd by itself.
  const apiReady = Promise.all([ensure(etcd), ensure(apiServer)]);
  await Promise.all([imagesReady, runtimeReady, apiReady]);
  report("Starting the controllers, the scheduler and the node");
  await Promise.all([
    ensure(controllerManager),
    ensure(scheduler),
    ensure(kubelet),
    ensure(kubeProxy).then(ensureFirewall),
    // The API server makes the namespace kube-system a moment after it says that it is ready.
    patiently(() => applyAddons(api, images, credentials), signal),
  ]);
  report("Waiting for the node and the name server");
  await Promise.all([patiently(() => nodeIsReady(api), signal), patiently(resolvesNames, signal)]);
}

/** Resolves when the node is ready for pods, and rejects with the reason when it is not. */
export async function nodeIsReady(api: Api): Promise<void> {
  const node = await api.get(`/api/v1/nodes/${nodeName}`);
  const conditions: { type: string; status: string; message: string }[] =
    node.status.conditions ?? [];
  const ready = conditions.find(({ type }) => type === "Ready");
  if (ready?.status !== "True") throw new Error(`the node is not ready: ${ready?.message}`);
}

async function patiently(check: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await waitUntil(check, { limitMs: 90_000, giveUp: () => signal.aborted }).catch(
    (error: Error) => {
      throw new UserError(
        "cluster-not-ready",
        `The cluster's programs run, but ${error.message}`,
        "npx slipway cluster status",
      );
    },
  );
}

/** The parts that have no process. */
export function stoppedParts(paths: Layout): PartName[] {
  const processes = clusterProcesses(paths.folder);
  return partNames.filter((name) => partProcesses(processes, name).length === 0);
}

/** Number of CAP_SYS_RESOURCE (capabilities(7)). */
const capSysResource = 24n;

function hasCapability(number: bigint): boolean {
  const status = readFileSync("/proc/self/status", "utf8");
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return ((effective >> number) & 1n) === 1n;
}
