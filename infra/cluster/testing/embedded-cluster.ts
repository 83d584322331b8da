import { run } from "../../adapters/process.ts";
import { ensureTools } from "../../toolchain/tools.ts";
import { chooseDriver } from "../choose.ts";
import { clusterFolder, layout } from "../embedded/layout.ts";
import { isSupported } from "../embedded/preflight.ts";
import { findCluster } from "../record.ts";

const current = await findCluster();

/** Why tests of the embedded cluster can't run here, or false when they can. */
export const skipEmbedded =
  (!isSupported() && "the embedded cluster needs Linux and root") ||
  (current !== undefined && current.driver !== "embedded" && `a ${current.driver} cluster is up`);

/** The machine's cluster, which all tests share. */
export const driver = await chooseDriver("embedded");

/** Where it lives. */
export const paths = layout(clusterFolder);

/** Progress goes nowhere: a failing test has the error. */
export const quiet = () => {};

/** Runs kubectl as the cluster's administrator and returns what it printed. */
export async function kubectl(...args: string[]): Promise<string> {
  const tools = await ensureTools(["kubectl"], quiet);
  const limit = { timeoutMs: 60_000 };
  return (await run(tools.kubectl, ["--kubeconfig", paths.kubeconfig, ...args], limit)).stdout;
}

/** True when the cluster was up before the tests, so that they leave it as they found it. */
export async function isUp(): Promise<boolean> {
  return (await driver.plan()).length === 0;
}
