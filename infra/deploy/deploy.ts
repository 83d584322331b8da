import { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { runEngine } from "../adapters/pulumi/engine.ts";
import type { Change } from "../adapters/pulumi/events.ts";
import type { Report } from "../adapters/report.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import type { Release } from "../domain/release/release.ts";
import { admitReleases } from "./admission.ts";
import { requireCluster } from "./cluster-identity.ts";
import { noteDeployment } from "./deployed.ts";
import { RolloutError } from "./failure.ts";
import { findJobFailure, removeFailedJobs } from "./jobs.ts";
import { type Compared, compareLive } from "./live.ts";
import { lockStack } from "./lock.ts";
import type { DeployPlan } from "./plan.ts";
import { removeUnusedConfiguration } from "./prune.ts";
import { fingerprintInputs, readRecord, writeRecord } from "./record.ts";
import { rollBackFailed } from "./roll-back.ts";
import { watchRollouts } from "./rollout.ts";
import { openSession, type Session } from "./session.ts";
import { type StackSummary, summarize } from "./summary.ts";

/** What a deployment did. */
export interface Deployment extends StackSummary {
  /** Empty when the cluster already was as it should be. */
  readonly changes: readonly Change[];
}

export interface DeployOptions {
  readonly stack: string;
  readonly report: Report;
  /** Interrupts the deployment. What was applied until then stays, and is known to the state. */
  readonly signal: AbortSignal;
}

/**
 * Brings a stack to what its files say, and follows the rollout until the new pods answer. Where the
 * environment has automatic rollback, a release that fails gives way to the last good one, once.
 *
 * @throws {RolloutError} `rollout-…` as soon as a new pod cannot start, with its last log lines.
 * @throws {RefusedError} `stack-locked` while another deployment of the stack runs; `not-admitted`
 * when a gate says no; `release-differs`; `wrong-cluster`.
 * @throws {UserError} for everything wrong with the files, the passphrase, the registry or the cluster.
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  try {
    return await deployReleases(options);
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    const back = await rollBackFailed(options.stack);
    if (back.length === 0) throw error;
    for (const line of back) options.report(line);
    await deployReleases(options);
    const what = `${error.message}\n${back.join("\n")}`;
    throw new RolloutError(error.code, what, `npx slipway history ${options.stack}`);
  }
}

async function deployReleases(options: DeployOptions): Promise<Deployment> {
  const lock = await lockStack(options.stack, "deploy");
  try {
    const releases = await admitReleases(options.stack, options.report);
    const session = await openSession(options);
    const { kubeconfig, context } = session.plan.target;
    const client = await KubernetesClient.connect(kubeconfig, context);
    try {
      await requireCluster(client, session.plan.environment);
      return await noted(releases, session, client, options);
    } finally {
      client.close();
    }
  } finally {
    await lock.release();
  }
}

/** Deploys, and adds to the evidence how that went. What the releases cannot help says nothing of them. */
async function noted(
  releases: readonly Release[],
  session: Session,
  client: KubernetesClient,
  options: DeployOptions,
): Promise<Deployment> {
  const { stack } = options;
  try {
    return await apply(releases, session, client, options);
  } catch (error) {
    if (error instanceof RolloutError) {
      const [reason] = error.message.split("\n", 1);
      await noteDeployment(stack, releases, { result: "failed", ...(reason && { reason }) });
    }
    throw error;
  }
}

async function apply(
  releases: readonly Release[],
  session: Session,
  client: KubernetesClient,
  options: DeployOptions,
): Promise<Deployment> {
  const repeats = await removeFailedJobs(client, session.plan.objects);
  const refresh = (await isDoubtful(client, session.plan)) || repeats;
  const changes = await roll(session, client, refresh, options);
  const summary = await summarize(session.plan);
  // Before the record: what is recorded is not deployed again, so nothing would make up for it.
  await noteDeployment(options.stack, releases, { result: "passed" });
  await remember(session, summary, client);
  return { ...summary, changes };
}

/**
 * Whether the engine's state may not tell what the cluster has. Without a record nothing is known
 * about what the cluster had after the last deployment.
 */
async function isDoubtful(client: KubernetesClient, { environment, objects }: DeployPlan) {
  const record = await readRecord(environment.name);
  const compared = await compareLive(client, record?.objects ?? objects);
  return !record || compared.some(({ differences }) => differences.length > 0);
}

async function roll(
  { engine, plan }: Session,
  client: KubernetesClient,
  refresh: boolean,
  { report, signal }: DeployOptions,
): Promise<readonly Change[]> {
  const stopping = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const watch = watchRollouts(client, plan.objects, report);
  const running = runEngine("up", { ...engine, refresh, signal: stopping.signal }).catch(
    // The engine waits for Jobs too, and may tell that one has failed before the watch can tell why.
    async (error) => Promise.reject((await findJobFailure(client, plan.objects)) ?? error),
  );
  try {
    const { changes } = await Promise.race([running, watch.failed, interrupted]);
    await Promise.race([watch.ready(), interrupted]);
    await removeUnusedConfiguration(client, plan, watch);
    return changes;
  } finally {
    watch.stop();
    // An engine that still runs must end first: it saves what it did and gives the state back.
    stopping.abort();
    await running.catch(() => {});
  }
}

async function remember(
  { engine, plan }: Session,
  summary: StackSummary,
  client: KubernetesClient,
): Promise<void> {
  const compared = await compareLive(client, plan.objects);
  const objects = compared.flatMap(({ desired, live }) => (live ? [applied(desired, live)] : []));
  const inputs = await fingerprintInputs(engine.stack, engine.passphraseFile);
  await writeRecord(engine.stack, { inputs, target: plan.target, summary, objects });
}

function applied(desired: KubernetesObject, live: Compared["live"]): KubernetesObject {
  const { data, ...rest } = desired;
  const metadata = { ...desired.metadata, uid: live?.metadata.uid };
  return { ...(desired.kind === "Secret" ? rest : desired), metadata } as KubernetesObject;
}
