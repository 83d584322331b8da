import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../infra/adapters/report.ts";
import { type Arena, clearCluster, openCluster, prepareArena } from "./arena.ts";
import { Scoreboard } from "./cases.ts";
import { makeId } from "./checkout.ts";
import { describeMachine, type Machine, renderHost } from "./machine.ts";
import { canWatchMemory } from "./memory.ts";
import { playRound } from "./round.ts";
import { type CaseResult, judge, renderCases } from "./table.ts";

export interface BenchOptions {
  /** Rounds in which time is measured, after one that does not count. */
  readonly rounds: number;
  readonly report: Report;
  /** Ends the run. Everything that it made is removed. */
  readonly signal: AbortSignal;
}

/** What a comparison came to. */
export interface BenchResult {
  readonly machine: Machine;
  readonly rounds: number;
  /** Samples that began on a machine that was not quiet. */
  readonly busySamples: number;
  readonly cases: readonly CaseResult[];
}

/** Rounds for memory, whose peaks hardly differ. */
const memoryRounds = 3;

/**
 * Compares Slipway with kubectl, helm and bare pulumi on the same objects: interleaved, in random
 * order, each in a namespace of its own, all until the pods are ready and checked against the
 * cluster. The user's own stacks are only read.
 *
 * @throws {UserError} what `prepareArena` throws.
 */
export async function bench(options: BenchOptions): Promise<{ result: BenchResult; text: string }> {
  const { report, signal } = options;
  const id = makeId();
  const folder = await mkdtemp(join(tmpdir(), `slipway-${id}-`));
  try {
    const arena = await prepareArena({ id, folder, report, signal });
    const result = await compare(arena, options).finally(() => tidy(arena, report));
    return { result, text: render(result) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(
  arena: Arena,
  { rounds, report, signal }: BenchOptions,
): Promise<BenchResult> {
  const board = new Scoreboard();
  const shared = { arena, report, signal };
  await openCluster(arena, signal);
  report("Shakedown: does not count");
  await playRound({ ...shared, board: new Scoreboard(), memory: false });
  for (let round = 1; round <= rounds; round += 1) {
    report(`Round ${round} of ${rounds}`);
    await playRound({ ...shared, board, memory: false });
  }
  for (let round = 1; canWatchMemory && round <= memoryRounds; round += 1) {
    report(`Memory, round ${round} of ${memoryRounds}`);
    await playRound({ ...shared, board, memory: true });
  }
  const machine = describeMachine(arena.equipment.cluster);
  return { machine, rounds, busySamples: board.busy, cases: judge(board) };
}

async function tidy(arena: Arena, report: Report): Promise<void> {
  report("Removing what is left in the cluster");
  await clearCluster(arena).catch(({ message }: Error) =>
    report(`Namespaces that begin with ${arena.equipment.id} may be left: ${message}`),
  );
}

function render({ machine, rounds, busySamples, cases }: BenchResult): string {
  const { cluster, helm, kubectl, pulumi } = machine;
  const busy = busySamples > 0 ? [`${busySamples} samples began on a machine that was busy`] : [];
  const memory = canWatchMemory ? [] : ["Memory was not measured: this machine has no /proc"];
  return [
    `${renderHost(machine)}, ${cluster} cluster`,
    `helm ${helm}, kubectl ${kubectl}, pulumi ${pulumi}`,
    `${rounds} rounds, in random order, after one that does not count`,
    ...busy,
    ...memory,
    "",
    renderCases(cases),
  ].join("\n");
}
