import { join } from "node:path";
import { enginePath } from "../../infra/adapters/pulumi/home.ts";
import type { Report } from "../../infra/adapters/report.ts";
import { readCluster } from "../../infra/cluster/record.ts";
import { parseSecrets, type StackSecrets, secretsKey } from "../../infra/deploy/secrets.ts";
import { UserError } from "../../infra/domain/errors.ts";
import { engineTools } from "../../infra/toolchain/manifest.ts";
import { ensureTools } from "../../infra/toolchain/tools.ts";
import { Checkout } from "./checkout.ts";
import {
  type Contender,
  type Equipment,
  helmContender,
  kubectlContender,
  kubectlStep,
  pulumiContender,
  releasesNamespace,
  slipwayContender,
} from "./contenders.ts";
import { runStep } from "./sample.ts";
import { agentName, environment, Subject, type Variant } from "./subject.ts";

/** Everything that the rounds need, ready before the first of them. */
export interface Arena {
  readonly equipment: Equipment;
  readonly subject: Subject;
  readonly secrets: StackSecrets;
  readonly contenders: readonly Contender[];
  /** What is deployed first, then with one value changed, then with another image too. */
  readonly variants: Readonly<Record<"first" | "change" | "image", Variant>>;
}

export interface ArenaOptions {
  /** First part of the names of all namespaces. */
  readonly id: string;
  /** Temporary folder for everything on disk. */
  readonly folder: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Gets the tools, two checkouts with the same key and a second image of the same agent.
 *
 * @throws {UserError} `no-cluster`, `no-release`, and what `ensureTools` throws.
 */
export async function prepareArena(options: ArenaOptions): Promise<Arena> {
  const { id, folder, report, signal } = options;
  const subject = await Subject.read();
  const cluster = await readCluster();
  const { helm, kubectl } = await ensureTools([...engineTools, "helm"], report);
  // Only there the engine finds the language host beside itself.
  const programs = { helm, kubectl, pulumi: enginePath() };
  const equipment: Equipment = { id, folder, cluster, programs };
  report("Preparing two checkouts and a second image");
  const slipway = await Checkout.make(join(folder, "slipway"));
  const variants = await makeVariants(slipway, subject, signal);
  const contender = slipwayContender(equipment, slipway);
  await slipway.write(subject.describe(contender.namespace, variants.first));
  // A preview makes the stack and its key, and nothing in the cluster.
  for (const step of contender.preview) await runStep(step, { signal });
  const pulumi = await slipway.copy(join(folder, "pulumi"));
  const config = slipway.pulumi(programs.pulumi, "config", "get", secretsKey);
  return {
    equipment,
    subject,
    secrets: requireSecrets(await runStep(config, { signal })),
    variants,
    contenders: [
      contender,
      pulumiContender(equipment, pulumi),
      helmContender(equipment),
      kubectlContender(equipment),
    ],
  };
}

/** Makes the namespace that has to be there before any tool deploys. */
export async function openCluster({ equipment }: Arena, signal: AbortSignal): Promise<void> {
  const name = releasesNamespace(equipment.id);
  await runStep(kubectlStep(equipment, "create", "namespace", name), { signal });
}

/** Removes everything of the arena from the cluster. */
export async function clearCluster({ equipment, contenders }: Arena): Promise<void> {
  const names = contenders.map(({ namespace }) => namespace);
  await removeNamespaces(equipment, [...names, releasesNamespace(equipment.id)]);
}

/** Removes namespaces, and waits until they are gone. */
export async function removeNamespaces(equipment: Equipment, names: readonly string[]) {
  const args = ["delete", "namespace", ...names, "--ignore-not-found", "--timeout=150s"];
  await runStep(kubectlStep(equipment, ...args));
}

async function makeVariants(
  checkout: Checkout,
  { release }: Subject,
  signal: AbortSignal,
): Promise<Arena["variants"]> {
  await checkout.relabel(agentName);
  const built = await runStep(checkout.slipway("build", agentName, "--json"), { signal });
  const first: Variant = { logLevel: "INFO", image: release.image };
  const change: Variant = { ...first, logLevel: "WARNING" };
  return { first, change, image: { ...change, image: JSON.parse(built).release.image } };
}

function requireSecrets(text: string): StackSecrets {
  const secrets = parseSecrets(text);
  if (secrets) return secrets;
  throw new UserError("no-stack", `The stack ${environment} has no key`, "npx slipway preview dev");
}
