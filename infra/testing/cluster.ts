import { run } from "../adapters/process.ts";
import { readCluster } from "../cluster/record.ts";
import { ensureTools } from "../toolchain/tools.ts";

/** Runs kubectl against the cluster that is up, and returns what it printed. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const { kubeconfig, context } = await readCluster();
  const { kubectl: program } = await ensureTools(["kubectl"], () => {});
  const { stdout } = await run(program, [
    `--kubeconfig=${kubeconfig}`,
    `--context=${context}`,
    ...args,
  ]);
  return stdout;
}

/** Reads an object, or a list, as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at a few fields of many kinds.
export async function getObject(...args: readonly string[]): Promise<any> {
  return JSON.parse(await kubectl("get", "--output=json", ...args));
}
