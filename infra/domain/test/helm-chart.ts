import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { run } from "../../adapters/process.ts";
import { exportChart, type Place } from "../helm/chart.ts";
import { completeStack } from "../manifests/complete.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { aloneInput } from "../stack/alone.ts";
import { draftStack, planStack } from "../stack/plan.ts";
import { hashes } from "./sample-stack.ts";

/** One agent in several environments, from the texts of their files. */
export function placesOf(
  agent: string,
  environments: readonly string[],
  texts: Readonly<Record<string, string>>,
): readonly Place[] {
  return environments.map((environment) => {
    const stack = planStack({ environment, texts });
    const own = { ...stack, agents: stack.agents.filter(({ name }) => name === agent) };
    const keys = own.agents.flatMap(({ values }) => Object.keys(values.secrets));
    const completed = completeStack(own, Object.fromEntries(keys.map((key) => [key, "unknown"])));
    const [first] = completed.agents;
    if (first === undefined) throw new Error(`${environment} does not run ${agent}`);
    return { environment: completed.environment, agent: first, hashes };
  });
}

/** The chart of one agent in several environments. */
export function chartOf(
  agent: string,
  environments: readonly string[],
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [first, ...others] = placesOf(agent, environments, texts);
  const alone = draftStack(aloneInput(agent, texts), [])?.agents.find(({ name }) => name === agent);
  if (first === undefined || alone === undefined) throw new Error(`no agent ${agent}`);
  return exportChart({ places: [first, ...others], packageValues: alone.values });
}

/** Writes a chart, or anything else, below a folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** What `helm template` makes of a chart with the values of an environment, without its tests. */
export async function helmObjects(
  helm: string,
  folder: string,
  agent: string,
  { name, namespace, kubernetes }: Place["environment"],
): Promise<readonly KubernetesObject[]> {
  const { stdout } = await run(helm, [
    "template",
    agent,
    folder,
    "--skip-tests",
    `--namespace=${namespace}`,
    `--values=${join(folder, `values-${name}.yaml`)}`,
    `--kube-version=${kubernetes}`,
  ]);
  return parseAllDocuments(stdout, { version: "1.1" })
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}
