import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { cacheFolder } from "../../infra/adapters/paths.ts";
import { plainEnvironment, run } from "../../infra/adapters/process.ts";
import type { KubernetesObject } from "../../infra/domain/manifests/object.ts";
import { Checkout } from "./checkout.ts";
import { fleetTexts } from "./fleet.ts";
import { runStep, type Step } from "./sample.ts";
import { environment } from "./subject.ts";

/** One way to print the objects of a number of agents. */
export interface Renderer {
  readonly name: string;
  /** Together they print every object once. */
  readonly steps: readonly Step[];
}

/** Agents that are rendered, and everything that renders them. */
export interface Fleet {
  readonly agents: number;
  readonly objects: readonly KubernetesObject[];
  readonly renderers: readonly Renderer[];
}

/** Paths of programs, and of the node_modules that hold cdk8s when npm could get it. */
export interface RenderTools {
  readonly helm: string;
  readonly kubectl: string;
  readonly cdk8s: string | undefined;
}

/** Exact versions, so that two runs compare the same. */
const cdk8sPackages = ["cdk8s@2.70.106", "constructs@10.8.1"];

/** Gets cdk8s from npm, once, into the cache. Undefined when that fails, as without a network. */
export async function installCdk8s(signal: AbortSignal): Promise<string | undefined> {
  const folder = join(cacheFolder, "bench", cdk8sPackages.join("-"));
  await mkdir(folder, { recursive: true });
  const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"];
  const args = ["install", `--prefix=${folder}`, ...options, ...cdk8sPackages];
  return run("npm", args, { signal, timeoutMs: 120_000 }).then(
    () => join(folder, "node_modules"),
    () => undefined,
  );
}

/** Writes agents for every tool. All print the objects that Slipway makes. */
export async function makeFleet(
  folder: string,
  agents: number,
  tools: RenderTools,
): Promise<Fleet> {
  const checkout = await Checkout.make(join(folder, "checkout"));
  for (const sample of ["stacks", "infra/packages"]) {
    await rm(join(checkout.folder, sample), { recursive: true });
  }
  await checkout.write(await fleetTexts(agents));
  const slipway = checkout.slipway("render", environment);
  const objects = JSON.parse(await runStep(checkout.slipway("render", environment, "--json")));
  const kustomize = [
    "render",
    environment,
    "--format",
    "kustomize",
    "--output",
    join(folder, "kustomize"),
  ];
  await runStep(checkout.slipway(...kustomize));
  const names = await writeCharts(folder, objects);
  const charts = join(folder, "charts");
  // With more agents these take minutes: as many processes, or the square of their number.
  const slow: readonly Renderer[] = [
    {
      name: "kustomize",
      steps: [step(tools.kubectl, "kustomize", join(folder, "kustomize", environment))],
    },
    {
      name: "helm, a chart each",
      steps: names.map((name) => step(tools.helm, "template", name, join(charts, name))),
    },
  ];
  return {
    agents,
    objects,
    renderers: [
      { name: "slipway", steps: [slipway] },
      {
        name: "helm, one chart",
        steps: [step(tools.helm, "template", "all", join(charts, "all"))],
      },
      ...(agents > 100 ? [] : slow),
      ...(tools.cdk8s ? [await cdk8sRenderer(folder, tools.cdk8s, objects)] : []),
    ],
  };
}

function step(program: string, ...args: readonly string[]): Step {
  return { program, args, env: plainEnvironment() };
}

/** A chart of all objects, and one of each agent's. */
async function writeCharts(
  folder: string,
  objects: readonly KubernetesObject[],
): Promise<string[]> {
  const charts = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const name = object.metadata.labels["app.kubernetes.io/instance"] ?? "stack";
    charts.set(name, [...(charts.get(name) ?? []), object]);
  }
  for (const [name, own] of [...charts, ["all", objects] as const]) {
    for (const object of own) {
      const file = `${object.kind.toLowerCase()}-${object.metadata.name}.yaml`;
      await write(join(folder, "charts", name, "templates", file), stringify(object));
    }
    const chart = { apiVersion: "v2", name, version: "1.0.0" };
    await write(join(folder, "charts", name, "Chart.yaml"), stringify(chart));
  }
  return [...charts.keys()];
}

async function cdk8sRenderer(
  folder: string,
  modules: string,
  objects: readonly KubernetesObject[],
): Promise<Renderer> {
  const program = [
    `const { App, Chart, ApiObject } = require(${JSON.stringify(join(modules, "cdk8s"))});`,
    `const objects = require(${JSON.stringify(join(folder, "cdk8s", "objects.json"))});`,
    "const chart = new Chart(new App(), 'all', { disableResourceNameHashes: true });",
    "objects.forEach((object, index) => new ApiObject(chart, String(index), object));",
    "process.stdout.write(chart.node.root.synthYaml());",
  ];
  await write(join(folder, "cdk8s", "main.js"), program.join("\n"));
  await write(join(folder, "cdk8s", "objects.json"), JSON.stringify(objects));
  return { name: "cdk8s", steps: [step(process.execPath, join(folder, "cdk8s", "main.js"))] };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
