import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { plainEnvironment } from "../../infra/adapters/process.ts";
import type { Cluster } from "../../infra/cluster/driver.ts";
import type { KubernetesObject } from "../../infra/domain/manifests/object.ts";
import type { Checkout } from "./checkout.ts";
import type { Step } from "./sample.ts";
import { agentName, environment, type Texts } from "./subject.ts";

/** One tool, and how it does each thing that is compared. */
export interface Contender {
  readonly name: "slipway" | "pulumi" | "helm" | "kubectl";
  readonly namespace: string;
  /** Puts the files in place that describe these objects. */
  write(texts: Texts, objects: readonly KubernetesObject[]): Promise<void>;
  /** Brings the cluster to what the files say, until the pods are ready. */
  readonly deploy: readonly Step[];
  /** Harder looks at what is deployed already than `deploy` takes by default. */
  readonly rechecks: readonly Recheck[];
  /** Shows what `deploy` would change. */
  readonly preview: readonly Step[];
  /** Does nothing but start. */
  readonly start: readonly Step[];
  /** Removes everything, until it is gone. */
  readonly destroy: readonly Step[];
}

/** A way to deploy without a change. */
export interface Recheck {
  readonly label: string;
  readonly steps: readonly Step[];
  /** Not measured. */
  readonly before?: () => Promise<void>;
}

/** What the contenders are made of. */
export interface Equipment {
  readonly id: string;
  /** Temporary folder, removed at the end. */
  readonly folder: string;
  readonly cluster: Cluster;
  /** Paths of the programs. */
  readonly programs: Readonly<Record<"pulumi" | "helm" | "kubectl", string>>;
}

/** Slipway's command line, in its own checkout. */
export function slipwayContender({ id }: Equipment, checkout: Checkout): Contender {
  const deploy = [checkout.slipway("deploy", environment)];
  return {
    name: "slipway",
    namespace: `${id}-slipway`,
    write: (texts) => checkout.write(texts),
    deploy,
    rechecks: [
      { label: "slipway, engine", steps: deploy, before: () => checkout.doubt() },
      { label: "slipway, refresh", steps: deploy, before: () => checkout.forget() },
    ],
    preview: [checkout.slipway("preview", environment)],
    start: [checkout.slipway("--help")],
    destroy: [checkout.slipway("destroy", environment, "--yes")],
  };
}

/** The Pulumi command line by hand, on the same project: what Slipway is without its command line. */
export function pulumiContender({ id, programs }: Equipment, checkout: Checkout): Contender {
  const pulumi = (...args: readonly string[]) => checkout.pulumi(programs.pulumi, ...args);
  const up = ["up", "--yes", "--skip-preview"];
  return {
    name: "pulumi",
    namespace: `${id}-pulumi`,
    write: (texts) => checkout.write(texts),
    deploy: [pulumi(...up)],
    rechecks: [{ label: "pulumi, refresh", steps: [pulumi(...up, "--refresh")] }],
    preview: [pulumi("preview")],
    start: [{ program: programs.pulumi, args: ["--help"], env: plainEnvironment() }],
    destroy: [pulumi("destroy", "--yes", "--skip-preview")],
  };
}

/** Helm, with a chart that holds the rendered objects as they are. */
export function helmContender(equipment: Equipment): Contender {
  const { id, folder, cluster, programs } = equipment;
  const chart = join(folder, "chart");
  const access = [
    `--kubeconfig=${cluster.kubeconfig}`,
    `--kube-context=${cluster.context}`,
    // The chart makes the namespace of its objects, so its releases are kept in another one.
    `--namespace=${releasesNamespace(id)}`,
  ];
  const helm = (...args: readonly string[]): Step => ({
    program: programs.helm,
    args,
    env: toolEnvironment(equipment),
  });
  const upgrade = ["upgrade", "--install", agentName, chart, ...access];
  return {
    name: "helm",
    namespace: `${id}-helm`,
    async write(_, objects) {
      await mkdir(join(chart, "templates"), { recursive: true });
      await writeFile(join(chart, "Chart.yaml"), chartFile);
      await writeFile(join(chart, "objects.yaml"), toYaml(objects));
      await writeFile(join(chart, "templates", "objects.yaml"), '{{ .Files.Get "objects.yaml" }}');
    },
    deploy: [helm(...upgrade, "--wait", "--timeout=150s")],
    rechecks: [],
    preview: [helm(...upgrade, "--dry-run=server")],
    start: [helm("--help")],
    destroy: [
      helm("uninstall", agentName, ...access, "--ignore-not-found", "--wait", "--timeout=150s"),
    ],
  };
}

/** kubectl, with the rendered objects as they are. */
export function kubectlContender(equipment: Equipment): Contender {
  const { id, folder } = equipment;
  const namespace = `${id}-kubectl`;
  const file = join(folder, "objects.yaml");
  const kubectl = (...args: readonly string[]) => kubectlStep(equipment, ...args);
  return {
    name: "kubectl",
    namespace,
    write: (_, objects) => writeFile(file, toYaml(objects)),
    deploy: [
      kubectl("apply", "--server-side", `--filename=${file}`),
      kubectl(
        "rollout",
        "status",
        `deployment/${agentName}`,
        `--namespace=${namespace}`,
        "--timeout=150s",
      ),
    ],
    rechecks: [],
    // It says by its exit code that there are differences.
    preview: [{ ...kubectl("diff", "--server-side", `--filename=${file}`), codes: [0, 1] }],
    start: [kubectl("--help")],
    destroy: [
      kubectl("delete", `--filename=${file}`, "--ignore-not-found", "--wait", "--timeout=150s"),
    ],
  };
}

/** A kubectl command against the cluster that is up. */
export function kubectlStep(equipment: Equipment, ...args: readonly string[]): Step {
  const { kubeconfig, context } = equipment.cluster;
  return {
    program: equipment.programs.kubectl,
    args: [...args, `--kubeconfig=${kubeconfig}`, `--context=${context}`],
    env: toolEnvironment(equipment),
  };
}

/** Where helm keeps its releases. */
export function releasesNamespace(id: string): string {
  return `${id}-releases`;
}

const chartFile = stringify({ apiVersion: "v2", name: agentName, version: "1.0.0" });

function toYaml(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => stringify(object)).join("---\n");
}

/** Keeps caches of the tools, which stay warm from round to round, out of the user's home. */
function toolEnvironment({ folder }: Equipment): NodeJS.ProcessEnv {
  return plainEnvironment({
    KUBECACHEDIR: join(folder, "kube-cache"),
    HELM_CACHE_HOME: join(folder, "helm", "cache"),
    HELM_CONFIG_HOME: join(folder, "helm", "config"),
    HELM_DATA_HOME: join(folder, "helm", "data"),
  });
}
