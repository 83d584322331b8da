import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchOptions } from "./bench.ts";
import { Checkout, makeId } from "./checkout.ts";
import { fleetTexts } from "./fleet.ts";
import { describeHost, type Host, renderHost } from "./machine.ts";
import { measure, quietBelow, runStep, type Step } from "./sample.ts";
import { ratio, type Summary, shuffle, summarize } from "./statistics.ts";
import { environment, Subject } from "./subject.ts";
import { renderTable, twoDigits } from "./table.ts";

/** What one command took in one environment. */
export interface FleetRow {
  readonly command: string;
  readonly agents: number;
  readonly seconds: Summary;
}

export interface FleetResult {
  readonly machine: Host;
  readonly rows: readonly FleetRow[];
  readonly busySamples: number;
  /** Median of a deployment that changes nothing among the most agents, to that of one alone. */
  readonly crowdedToAlone: number;
}

/** Agents in one environment: alone, a team's, and about what one node has room for. */
const sizes = [1, 10, 100];

/** Agents that start together: more would take longer on two processors than a start may. */
const batch = 10;

/** A first deployment of a batch is the slowest step. */
const limitMs = 600_000;

const cases: readonly { readonly command: string; readonly agents: number }[] = [
  { command: "deploy", agents: 1 },
  { command: "deploy", agents: 100 },
  { command: "drift", agents: 10 },
  { command: "preview", agents: 100 },
];

const aims = { crowded: 1.3, drift: 2, preview: 5 };

/**
 * Times commands that find nothing to do in environments of one, ten and a hundred agents, in random
 * order. Every environment is a namespace of the local cluster, and is removed.
 *
 * @throws {UserError} `no-release` before the first `slipway build`.
 */
export async function benchFleets(options: BenchOptions) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  const checkouts = new Map<number, Checkout>();
  try {
    const subject = await Subject.read();
    for (const agents of sizes) {
      const checkout = await Checkout.make(join(folder, String(agents)));
      checkouts.set(agents, checkout);
      await populate(checkout, agents, subject, options);
    }
    const result = await play(checkouts, options);
    return { result, text: render(result) };
  } finally {
    for (const checkout of checkouts.values()) {
      await runStep(checkout.slipway("destroy", environment, "--yes"), { timeoutMs: limitMs });
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function populate(
  checkout: Checkout,
  agents: number,
  { release }: Subject,
  { report, signal }: BenchOptions,
): Promise<void> {
  const namespace = `${makeId()}-${agents}`;
  // Little enough for a hundred on one node; what they get is not bound by it.
  const values = {
    replicas: { min: 1, max: 2 },
    resources: { requests: { cpu: "10m", memory: "64Mi" } },
  };
  await rm(join(checkout.folder, "stacks", environment), { recursive: true });
  for (let count = Math.min(batch, agents); ; count = Math.min(count + batch, agents)) {
    report(`Deploying ${count} of ${agents} agents`);
    await checkout.write(await fleetTexts(count, { namespace, release, values }));
    const step = checkout.slipway("deploy", environment);
    await runStep(step, { signal, timeoutMs: limitMs });
    if (count === agents) return;
  }
}

async function play(
  checkouts: ReadonlyMap<number, Checkout>,
  { rounds, report, signal }: BenchOptions,
): Promise<FleetResult> {
  const times = new Map(cases.map((one) => [one, [] as number[]]));
  let busySamples = 0;
  for (let round = 0; round <= rounds; round += 1) {
    report(round === 0 ? "Shakedown: does not count" : `Round ${round} of ${rounds}`);
    for (const one of shuffle(cases, Math.random)) {
      const step = checkouts.get(one.agents)?.slipway(one.command, environment) as Step;
      const { seconds, busyBefore } = await measure([step], signal, false);
      report(`  ${one.command}, ${one.agents} agents: ${seconds.toFixed(2)} s`);
      if (round === 0) continue;
      times.get(one)?.push(seconds);
      if (busyBefore >= quietBelow) busySamples += 1;
    }
  }
  const rows = cases.flatMap((one): FleetRow[] => {
    const seconds = summarize(times.get(one) ?? []);
    return seconds ? [{ ...one, seconds }] : [];
  });
  const [alone, crowded] = rows.filter(({ command }) => command === "deploy");
  return {
    machine: describeHost(),
    rows,
    busySamples,
    crowdedToAlone: ratio(crowded?.seconds, alone?.seconds) ?? Number.NaN,
  };
}

function render({ machine, rows, busySamples, crowdedToAlone }: FleetResult): string {
  const header = ["", "n", "min s", "median s", "max s"];
  const lines = rows.map(({ command, agents, seconds }) => [
    `${command} that changes nothing, ${agents} ${agents === 1 ? "agent" : "agents"}`,
    String(seconds.count),
    ...[seconds.min, seconds.median, seconds.max].map(twoDigits),
  ]);
  const verdict = (value: number, most: number) => (value <= most ? "met" : "missed");
  const median = (name: string) =>
    rows.find(({ command }) => command === name)?.seconds.median ?? Number.NaN;
  return [
    renderHost(machine),
    ...(busySamples > 0 ? [`${busySamples} samples began on a machine that was busy`] : []),
    ...renderTable([header, ...lines]),
    `  aim: deploy among 100 at most ${aims.crowded} x alone: ${twoDigits(crowdedToAlone)} x, ${verdict(crowdedToAlone, aims.crowded)}`,
    ...(["drift", "preview"] as const).map(
      (name) =>
        `  aim: ${name} in ${aims[name]} s: ${twoDigits(median(name))} s, ${verdict(median(name), aims[name])}`,
    ),
  ].join("\n");
}
