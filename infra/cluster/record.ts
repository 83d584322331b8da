import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists, writeAtomically } from "../adapters/files.ts";
import { stateFolder } from "../adapters/paths.ts";
import { UserError } from "../domain/errors.ts";
import type { Cluster } from "./driver.ts";

const recordPath = join(stateFolder, "cluster.json");

/** The cluster that the last `cluster up` left, or undefined when there is none. */
export async function findCluster(): Promise<Cluster | undefined> {
  const text = await readIfExists(recordPath);
  return text === undefined ? undefined : JSON.parse(text);
}

/** The cluster that the last `cluster up` left. @throws {UserError} `no-cluster` when there is none. */
export async function readCluster(): Promise<Cluster> {
  const cluster = await findCluster();
  if (cluster) return cluster;
  throw new UserError("no-cluster", "There is no cluster yet", "npx slipway cluster up");
}

/** Makes it the cluster that the other commands use. A record that says so already is left alone. */
export async function writeCluster(cluster: Cluster): Promise<void> {
  const text = JSON.stringify(cluster, null, 2);
  if ((await readIfExists(recordPath)) !== text) await writeAtomically(recordPath, text);
}

/** Forgets the cluster. Does nothing when there is none. */
export async function forgetCluster(): Promise<void> {
  await rm(recordPath, { force: true });
}
