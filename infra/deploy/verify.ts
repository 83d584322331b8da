import { addEvidence, readLog } from "../adapters/evidence.ts";
import { readStack } from "../adapters/read-stack.ts";
import type { Report } from "../adapters/report.ts";
import { type RunningAgent, smokeTest } from "../checks/smoke.ts";
import { UserError } from "../domain/errors.ts";
import { aboutRelease } from "../domain/evidence/evidence.ts";
import type { Release } from "../domain/release/release.ts";
import type { Agent } from "../domain/stack/plan.ts";
import { didYouMean } from "../domain/text/nearest.ts";
import { lockStack } from "./lock.ts";
import { findTarget } from "./plan.ts";
import { readStatus, type StackStatus } from "./status.ts";

/** How a verification of one agent went. */
export interface Verification {
  readonly agent: string;
  readonly version: string;
  /** Hash of the release. */
  readonly release: string;
  readonly checks: number;
  /** What was wrong; empty when it passed. */
  readonly failures: readonly string[];
}

export interface VerifyOptions {
  readonly stack: string;
  /** @default every agent */
  readonly agent?: string;
  readonly report: Report;
}

/**
 * Sees that what was released to a stack runs there and does what its package's smoke tests expect:
 * pods ready, every object as it was deployed, every answer right. The evidence says how it went.
 *
 * @throws {UserError} `not-deployed` when something else runs than what was released;
 * `unknown-agent`; what `readStatus` and `smokeTest` refuse. @throws {RefusedError} `stack-locked`.
 */
export async function verify(options: VerifyOptions): Promise<readonly Verification[]> {
  const lock = await lockStack(options.stack, "verify");
  try {
    const stack = await readStack(options.stack);
    const agents = choose(stack.agents, options.agent);
    const { environment } = stack;
    const target = await findTarget(environment);
    const { name, namespace } = environment;
    await Promise.all(agents.map((agent) => requireDeployed(agent, name)));
    const status = await readStatus(name);
    const verified: Verification[] = [];
    for (const agent of agents) {
      const where = { agent: agent.name, environment: name, namespace, ...target };
      verified.push(await verifyAgent(agent, status, { ...where, report: options.report }));
    }
    return verified;
  } finally {
    await lock.release();
  }
}

function choose(agents: readonly Agent[], name: string | undefined): readonly ReleasedAgent[] {
  const known = agents.map((agent) => agent.name);
  if (name !== undefined && !known.includes(name)) {
    throw new UserError(
      "unknown-agent",
      `the stack has no agent "${name}"${didYouMean(name, known)}`,
      `choose one of: ${known.join(", ")}`,
    );
  }
  return agents.flatMap((agent) =>
    agent.release && (name === undefined || name === agent.name)
      ? [{ name: agent.name, release: agent.release }]
      : [],
  );
}

interface ReleasedAgent {
  readonly name: string;
  readonly release: Release;
}

async function requireDeployed({ name, release }: ReleasedAgent, stack: string): Promise<void> {
  const last = (await readLog(stack, name)).findLast(({ kind }) => kind === "deployed");
  if (last?.release === release.hash && last.result === "passed") return;
  throw new UserError(
    "not-deployed",
    `${stack} does not run what was released to it of ${name} (${release.version})`,
    `npx slipway deploy ${stack}`,
  );
}

async function verifyAgent(
  { name, release }: ReleasedAgent,
  status: StackStatus,
  running: RunningAgent,
): Promise<Verification> {
  const start = performance.now();
  const rollout = status.agents.find((agent) => agent.name === name)?.rollout;
  const tests = await smokeTest(running).catch(withoutTests);
  const failures = [
    ...(rollout?.kind === "ready" ? [] : ["its pods are not ready"]),
    ...status.drift.map((line) => `drift: ${line}`),
    ...tests.flatMap((test) => test.failures.map(({ message }) => `${test.name}: ${message}`)),
  ];
  // The rollout, the objects, and each test.
  const checks = 2 + tests.length;
  const seconds = Math.round(performance.now() - start) / 1000;
  const [reason] = failures;
  await addEvidence({
    environment: running.environment,
    agent: name,
    kind: "verified",
    ...aboutRelease(release),
    result: failures.length === 0 ? "passed" : "failed",
    figures: { checks, failures: failures.length, seconds },
    ...(reason !== undefined && { reason }),
  });
  return { agent: name, version: release.version, release: release.hash, checks, failures };
}

function withoutTests(error: unknown): readonly [] {
  if (error instanceof UserError && error.code === "no-tests") return [];
  throw error;
}
