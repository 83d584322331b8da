import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCluster } from "../../infra/cluster/record.ts";
import { RefusedError } from "../../infra/domain/errors.ts";
import type { BenchOptions } from "./bench.ts";
import { Checkout } from "./checkout.ts";
import { describeHost, type Host, renderHost } from "./machine.ts";
import { runStep, type Step } from "./sample.ts";
import { type Summary, summarize } from "./statistics.ts";

export interface QuickstartOptions extends BenchOptions {
  /**
   * Starts once with empty caches of its own, so that every tool is fetched or built: about twenty
   * minutes on two processors. Only npm dependencies and Go's downloads are there already.
   */
  readonly cold: boolean;
}

/** How long a quickstart took, from no cluster to an agent that answers. */
export interface QuickstartResult {
  readonly machine: Host;
  readonly cold: boolean;
  readonly seconds: Summary;
}

/** Seconds that a quickstart may take. */
const aims = { cold: 20 * 60, warm: 45 };

/** Longer than any quickstart takes. */
const limitMs = 3600_000;

/**
 * Times `slipway quickstart` in a checkout of its own, and takes its cluster down again. A warm one
 * runs once without counting, then `rounds` times; a cold one once.
 *
 * @throws {RefusedError} `cluster-up`, because a quickstart starts without one.
 */
export async function benchQuickstart(options: QuickstartOptions) {
  await requireNoCluster();
  const { cold } = options;
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  try {
    const times = await timeAll(folder, options);
    const seconds = summarize(cold ? times : times.slice(1));
    if (!seconds) throw new RangeError("a quickstart in no round");
    const result: QuickstartResult = { machine: describeHost(), cold, seconds };
    return { result, text: render(result) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timeAll(folder: string, options: QuickstartOptions): Promise<number[]> {
  const { cold, rounds, report, signal } = options;
  const env = { ...process.env, ...(cold && (await ownCaches(folder))) };
  const times: number[] = [];
  for (let round = 0; round <= (cold ? 0 : rounds); round += 1) {
    report(cold ? "Cold quickstart" : `Warm quickstart ${round} of ${rounds}`);
    const checkout = await Checkout.make(join(folder, `checkout-${round}`));
    // The same command as the user's: it sees the same environment, and hides it from its children.
    const slipway = (...args: readonly string[]): Step => ({ ...checkout.slipway(...args), env });
    try {
      const started = performance.now();
      await runStep(slipway("quickstart", "--yes"), { signal, timeoutMs: limitMs, onLine: report });
      times.push((performance.now() - started) / 1000);
    } finally {
      await runStep(slipway("cluster", "down"), { onLine: report });
    }
    signal.throwIfAborted();
  }
  return times;
}

async function requireNoCluster(): Promise<void> {
  const cluster = await findCluster();
  if (!cluster) return;
  throw new RefusedError(
    "cluster-up",
    `A quickstart starts without a cluster, and there is one (${cluster.driver})`,
    "npx slipway cluster down   # removes it and everything that runs in it",
  );
}

/** Folders of its own for everything that Slipway and its builds keep. Nothing of the user's is emptied. */
async function ownCaches(folder: string): Promise<NodeJS.ProcessEnv> {
  const own = (name: string) => join(folder, name);
  await mkdir(own("cache"), { mode: 0o700 });
  return {
    XDG_CACHE_HOME: own("cache"),
    XDG_STATE_HOME: own("state"),
    GOCACHE: own("go-build"),
    PULUMI_HOME: own("pulumi"),
  };
}

function render({ machine, cold, seconds }: QuickstartResult): string {
  const { count, min, median, max } = seconds;
  const most = cold ? aims.cold : aims.warm;
  return [
    renderHost(machine),
    `${cold ? "Cold" : "Warm"} quickstart: median ${median.toFixed(1)} s (${min.toFixed(1)} to ${max.toFixed(1)}, n=${count})`,
    `  aim: under ${most} s, ${median < most ? "met" : "missed"}`,
  ].join("\n");
}
