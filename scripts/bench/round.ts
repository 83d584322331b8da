import { KubernetesClient } from "../../infra/adapters/kubernetes/client.ts";
import type { Report } from "../../infra/adapters/report.ts";
import type { KubernetesObject } from "../../infra/domain/manifests/object.ts";
import { type Arena, removeNamespaces } from "./arena.ts";
import { type CaseName, cases, type Scoreboard } from "./cases.ts";
import { checkLive, checkPreview } from "./check.ts";
import { type Contender, kubectlStep, type Recheck } from "./contenders.ts";
import { measure, quietBelow, runStep, type Sample } from "./sample.ts";
import { shuffle } from "./statistics.ts";
import { agentName, type Variant } from "./subject.ts";

type Action = "deploy" | "preview" | "start";

/** One way to do what a case is about. */
interface Entrant extends Recheck {
  readonly contender: Contender;
}

export interface RoundOptions {
  readonly arena: Arena;
  readonly board: Scoreboard;
  /** Measures memory instead of time, for which watching it would cost some. */
  readonly memory: boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Every case once, by all tools in random order, from nothing to nothing. All tools' stacks live
 * side by side, so that the samples of one case lie close together.
 */
export async function playRound(options: RoundOptions): Promise<void> {
  const round = new Round(options);
  const { variants } = options.arena;
  await round.write(variants.first);
  await round.race("first", "deploy");
  await round.settle();
  await round.race("noop", "deploy", round.rechecks());
  if (!options.memory) {
    await round.write(variants.change);
    await round.race("preview", "preview");
    await round.race("change", "deploy");
    await round.write(variants.image);
    await round.race("image", "deploy");
    await round.race("start", "start");
  }
  await round.clear();
}

class Round {
  private readonly options: RoundOptions;
  /** What the cluster should hold of each tool after its deployment. */
  private readonly desired = new Map<Contender, readonly KubernetesObject[]>();

  constructor(options: RoundOptions) {
    this.options = options;
  }

  async write(variant: Variant): Promise<void> {
    const { contenders, subject, secrets } = this.options.arena;
    for (const contender of contenders) {
      const texts = subject.describe(contender.namespace, variant);
      const objects = subject.render(texts, secrets);
      this.desired.set(contender, objects);
      await contender.write(texts, objects);
    }
  }

  async race(name: CaseName, action: Action, more: Entrant[] = []) {
    const { arena, report, signal } = this.options;
    report(`  ${cases[name].title}`);
    const entrants = arena.contenders.map(
      (contender): Entrant => ({
        label: contender.name,
        contender,
        steps: contender[action],
      }),
    );
    for (const entrant of shuffle([...entrants, ...more], Math.random)) {
      await entrant.before?.();
      await this.sample(name, entrant, action);
      signal.throwIfAborted();
    }
  }

  rechecks(): Entrant[] {
    return this.options.arena.contenders.flatMap((contender) =>
      contender.rechecks.map((recheck) => ({ ...recheck, contender })),
    );
  }

  /** Waits until the autoscaler has brought every tool's pods to the same number. */
  async settle(): Promise<void> {
    const { arena, signal } = this.options;
    const waits = arena.contenders.map((contender) => {
      const place = [`deployment/${agentName}`, `--namespace=${contender.namespace}`];
      const pods = leastPods(this.desired.get(contender) ?? []);
      const settled = [`--for=jsonpath={.status.availableReplicas}=${pods}`, "--timeout=150s"];
      return runStep(kubectlStep(arena.equipment, "wait", ...place, ...settled), { signal });
    });
    // A tool whose deployment failed has nothing to settle, and its failure is on the board.
    await Promise.allSettled(waits);
    signal.throwIfAborted();
  }

  async clear(): Promise<void> {
    const { arena, report, signal } = this.options;
    report("  Removing everything");
    await Promise.all(
      arena.contenders.map(async ({ destroy }) => {
        for (const step of destroy) await runStep(step, { signal });
      }),
    );
    await removeNamespaces(
      arena.equipment,
      arena.contenders.map(({ namespace }) => namespace),
    );
  }

  private async sample(name: CaseName, entrant: Entrant, action: Action) {
    const { board, memory, report, signal } = this.options;
    const results = board.entry(name, entrant.label);
    try {
      const sample = await measure(entrant.steps, signal, memory);
      const { seconds, megabytes, busyBefore } = sample;
      if (action === "deploy") await this.check(entrant.contender);
      if (action === "preview") checkPreview(sample.output);
      if (megabytes === undefined) results.seconds.push(seconds);
      else results.megabytes.push(megabytes);
      if (busyBefore >= quietBelow) board.busy += 1;
      report(`    ${entrant.label}: ${describe(sample)}`);
    } catch (error) {
      signal.throwIfAborted();
      const { message } = error as Error;
      results.failures.push(message);
      report(`    ${entrant.label} failed: ${message}`);
    }
  }

  private async check(contender: Contender): Promise<void> {
    const { kubeconfig, context } = this.options.arena.equipment.cluster;
    const client = await KubernetesClient.connect(kubeconfig, context);
    try {
      await checkLive(client, this.desired.get(contender) ?? []);
    } finally {
      client.close();
    }
  }
}

function describe({ seconds, megabytes, busyBefore }: Sample): string {
  const found = megabytes === undefined ? `${seconds.toFixed(2)} s` : `${megabytes.toFixed(0)} MB`;
  const busy = `${Math.round(busyBefore * 100)} %`;
  return busyBefore < quietBelow ? found : `${found}, on a machine that was ${busy} busy`;
}

function leastPods(objects: readonly KubernetesObject[]): number {
  const autoscaler = objects.find(({ kind }) => kind === "HorizontalPodAutoscaler");
  return (autoscaler?.spec as { minReplicas: number } | undefined)?.minReplicas ?? 1;
}
