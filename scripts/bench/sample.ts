import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { CommandError, type RunOptions, run } from "../../infra/adapters/process.ts";
import { UserError } from "../../infra/domain/errors.ts";
import { watchMemory } from "./memory.ts";

/** One program of a command that is measured. */
export interface Step {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Exit codes that are no failure. @default 0 */
  readonly codes?: readonly number[];
}

/** What one run of a command took. */
export interface Sample {
  readonly seconds: number;
  readonly output: string;
  /** Peak of the process tree, when it was watched; the time is then no measurement. */
  readonly megabytes?: number;
  /** Share of the processors that was busy just before, 0 to 1. */
  readonly busyBefore: number;
}

/** A command that hangs is ended after this long, and counts as failed. */
const limitMs = 180_000;

/** Waits until the machine is quiet, then runs a command and measures it. */
export async function measure(
  steps: readonly Step[],
  signal: AbortSignal,
  memory: boolean,
): Promise<Sample> {
  const busyBefore = await quiet(signal);
  const peak = memory ? watchMemory() : undefined;
  const started = performance.now();
  try {
    let output = "";
    for (const step of steps) output += await runStep(step, { signal });
    const seconds = (performance.now() - started) / 1000;
    return { seconds, output, busyBefore, ...(peak && { megabytes: peak.stop() }) };
  } finally {
    peak?.stop();
  }
}

/**
 * Runs one program and returns what it printed.
 *
 * @throws {UserError} `bench-step` when it fails or takes longer than `timeoutMs`.
 */
export async function runStep(
  { program, args, cwd, env, codes = [0] }: Step,
  options: Pick<RunOptions, "signal" | "onLine" | "timeoutMs"> = {},
): Promise<string> {
  try {
    const all = { timeoutMs: limitMs, ...options, env, ...(cwd && { cwd }) };
    return (await run(program, args, all)).stdout;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (codes.includes(error.exitCode ?? -1)) return error.stdout;
    throw new UserError("bench-step", error.message, "npx slipway doctor", { cause: error });
  }
}

/** Share of busy processors under which the machine is quiet, and how long to wait for it. */
export const quietBelow = 0.15;
const windowMs = 250;
const windows = 40;

/**
 * Looks at the processors in windows of a quarter second until they are quiet, ten seconds at most:
 * a sample of a busy machine is counted, and said to be one.
 *
 * @returns the share that was busy in the last window.
 */
async function quiet(signal: AbortSignal): Promise<number> {
  let busy = 1;
  for (let window = 0; window < windows && busy >= quietBelow; window += 1) {
    const before = processorTimes();
    await wait(windowMs, undefined, { signal });
    const after = processorTimes();
    busy = 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
  }
  return busy;
}

function processorTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    idle: sum(times.map(({ idle }) => idle)),
    all: sum(times.map(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq)),
  };
}
