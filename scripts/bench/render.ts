import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTools } from "../../infra/toolchain/tools.ts";
import type { BenchOptions } from "./bench.ts";
import { describeHost, type Host, renderHost } from "./machine.ts";
import { canWatchMemory } from "./memory.ts";
import { type Fleet, installCdk8s, makeFleet } from "./renderers.ts";
import { measure, quietBelow } from "./sample.ts";
import { ratio, type Summary, shuffle, summarize } from "./statistics.ts";
import { renderTable, twoDigits } from "./table.ts";

/** What rendering a number of agents took with one tool. */
export interface RenderRow {
  readonly agents: number;
  readonly entrant: string;
  readonly seconds: Summary;
  /** Median of Slipway to the median of this one. */
  readonly slipwayTo: number;
}

export interface RenderResult {
  readonly machine: Host;
  readonly rows: readonly RenderRow[];
  readonly busySamples: number;
  /** Of the time between the two largest fleets, of which 1 is linear. */
  readonly exponent: number;
  /** Peak of Slipway with the largest fleet. */
  readonly megabytes?: number;
}

/** Numbers of agents, and the seconds that Slipway may take. */
const aims = new Map([
  [1, 0.15],
  [100, 0.4],
  [500, 3],
]);

const mostMegabytes = 120;
const mostExponent = 1.15;

/**
 * Compares `slipway render` with what else prints Kubernetes objects, interleaved and in random order.
 * The others get the finished objects; Slipway reads packages, values and releases and checks them.
 */
export async function benchRender(options: BenchOptions) {
  const { rounds, report, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  try {
    const { helm, kubectl } = await ensureTools(["helm", "kubectl"], report);
    const cdk8s = await installCdk8s(signal);
    if (cdk8s === undefined) report("cdk8s is left out: npm could not get it");
    const fleets: Fleet[] = [];
    for (const agents of aims.keys()) {
      report(`Preparing ${agents} agents`);
      fleets.push(await makeFleet(join(folder, String(agents)), agents, { helm, kubectl, cdk8s }));
    }
    const board = new Board();
    for (let round = 0; round <= rounds; round += 1) {
      report(round === 0 ? "Shakedown: does not count" : `Round ${round} of ${rounds}`);
      await playRound(fleets, round === 0 ? new Board() : board, options);
    }
    const result = await judge(fleets, board, signal);
    return { result, text: render(result) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds by number of agents and tool. */
class Board {
  readonly seconds = new Map<string, number[]>();
  busy = 0;

  add(agents: number, entrant: string, seconds: number) {
    const key = `${agents} ${entrant}`;
    this.seconds.set(key, [...(this.seconds.get(key) ?? []), seconds]);
  }

  of(agents: number, entrant: string): Summary | undefined {
    return summarize(this.seconds.get(`${agents} ${entrant}`) ?? []);
  }
}

async function playRound(fleets: readonly Fleet[], board: Board, { report, signal }: BenchOptions) {
  for (const { agents, objects, renderers } of fleets) {
    for (const { name, steps } of shuffle(renderers, Math.random)) {
      const { seconds, output, busyBefore } = await measure(steps, signal, false);
      const found = output.match(/^kind: /gm)?.length ?? 0;
      if (found !== objects.length)
        throw new Error(`${name} printed ${found} of ${objects.length}`);
      board.add(agents, name, seconds);
      if (busyBefore >= quietBelow) board.busy += 1;
      report(`  ${agents} agents, ${name}: ${seconds.toFixed(2)} s`);
    }
  }
}

async function judge(
  fleets: readonly Fleet[],
  board: Board,
  signal: AbortSignal,
): Promise<RenderResult> {
  const rows = fleets.flatMap(({ agents, renderers }) =>
    renderers.flatMap(({ name }): RenderRow[] => {
      const seconds = board.of(agents, name);
      const slipwayTo = ratio(board.of(agents, "slipway"), seconds);
      return seconds && slipwayTo ? [{ agents, entrant: name, seconds, slipwayTo }] : [];
    }),
  );
  const [smaller, larger] = fleets.slice(-2).map(({ agents }) => ({
    agents,
    seconds: board.of(agents, "slipway")?.median ?? Number.NaN,
  }));
  const own = fleets.at(-1)?.renderers.find(({ name }) => name === "slipway");
  const peak = canWatchMemory && own ? await measure(own.steps, signal, true) : undefined;
  return {
    machine: describeHost(),
    rows,
    busySamples: board.busy,
    exponent: smaller && larger ? growth(smaller, larger) : Number.NaN,
    ...(peak?.megabytes !== undefined && { megabytes: peak.megabytes }),
  };
}

interface Point {
  readonly agents: number;
  readonly seconds: number;
}

function growth(one: Point, other: Point): number {
  return Math.log(other.seconds / one.seconds) / Math.log(other.agents / one.agents);
}

function render({ machine, rows, busySamples, exponent, megabytes }: RenderResult): string {
  const header = ["", "n", "min s", "median s", "max s", "slipway to it"];
  const lines = rows.map(({ agents, entrant, seconds, slipwayTo }) => [
    `${agents} ${agents === 1 ? "agent" : "agents"}, ${entrant}`,
    String(seconds.count),
    ...[seconds.min, seconds.median, seconds.max, slipwayTo].map(twoDigits),
  ]);
  const own = rows.filter(({ entrant }) => entrant === "slipway");
  const verdict = (met: boolean) => (met ? "met" : "missed");
  return [
    renderHost(machine),
    ...(busySamples > 0 ? [`${busySamples} samples began on a machine that was busy`] : []),
    ...renderTable([header, ...lines]),
    ...own.map(({ agents, seconds }) => {
      const most = aims.get(agents) ?? 0;
      return `  aim: ${agents} in ${most} s: ${twoDigits(seconds.median)} s, ${verdict(seconds.median <= most)}`;
    }),
    `  aim: growth with an exponent of at most ${mostExponent}: ${twoDigits(exponent)}, ${verdict(exponent <= mostExponent)}`,
    ...(megabytes === undefined
      ? []
      : [
          `  aim: at most ${mostMegabytes} MB: ${megabytes.toFixed(0)} MB, ${verdict(megabytes <= mostMegabytes)}`,
        ]),
    "  the others get finished objects; slipway reads packages and values, derives and checks them",
  ].join("\n");
}
