import { readIfExists } from "../../adapters/files.ts";
import type { ClusterStatus, PartStatus } from "../driver.ts";
import { resolvesNames, servesMetrics } from "./addons/addons.ts";
import { openApi } from "./api.ts";
import { readCredentials } from "./credentials.ts";
import { type Layout, partNames } from "./layout.ts";
import { logPath } from "./parts.ts";
import { clusterProcesses, partProcesses } from "./processes.ts";
import { nodeIsReady } from "./up.ts";

const notes = [
  "NetworkPolicies are stored but not enforced: the bridge network has no agent for them.",
  "Pods reach only each other and the API server. No packet of theirs leaves the machine.",
];

/** The state of each program, and of what they do together. */
export async function readStatus(paths: Layout): Promise<ClusterStatus> {
  const parts = [...programStates(paths), ...(await serviceStates(paths))];
  return {
    driver: "embedded",
    running: parts.every(({ state }) => state === "running"),
    parts,
    notes,
  };
}

function programStates(paths: Layout): PartStatus[] {
  const processes = clusterProcesses(paths.folder);
  return partNames.map((name) => {
    const [process] = partProcesses(processes, name);
    return process
      ? { name, state: "running", detail: `pid ${process.pid}` }
      : { name, state: "stopped", detail: `log: ${logPath(name, paths)}` };
  });
}

async function serviceStates(paths: Layout): Promise<PartStatus[]> {
  const credentials = (await readIfExists(paths.kubeconfig)) && (await readCredentials(paths));
  if (!credentials)
    return ["node", "cluster DNS", "metrics API"].map((name) => ({ name, state: "missing" }));
  const api = openApi(credentials);
  try {
    return await Promise.all([
      judge("node", nodeIsReady(api)),
      judge("cluster DNS", resolvesNames()),
      judge("metrics API", servesMetrics(api), "has its first readings 30 s after a start; "),
    ]);
  } finally {
    api.close();
  }
}

async function judge(name: string, check: Promise<void>, remark = ""): Promise<PartStatus> {
  return check.then(
    () => ({ name, state: "running" }),
    (error: Error) => ({ name, state: "stopped", detail: remark + error.message.trim() }),
  );
}
