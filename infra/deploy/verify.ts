import { addEvidence, readLog } from "../adapters/evidence.ts";
import { readStack } from "../adapters/read-stack.ts";
import { runEvals } from "../checks/evals.ts";
import { type RunningAgent, smokeTest } from "../checks/smoke.ts";
import { UserError } from "../domain/errors.ts";
import { aboutRelease } from "../domain/evidence/evidence.ts";
import { lastGoodScores } from "../domain/evidence/verdict.ts";
import { failingScores } from "../domain/promotion/evals.ts";
import type { Release } from "../domain/release/release.ts";
import type { Gates } from "../domain/stack/gates.ts";
import type { Agent } from "../domain/stack/plan.ts";
import { didYouMean } from "../domain/text/nearest.ts";
import { type DeployOptions, deploy } from "./deploy.ts";
import { lockStack } from "./lock.ts";
import { findTarget } from "./plan.ts";
import { rollBackFailed } from "./roll-back.ts";
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

/** What a verification of a stack found, and what came of it. */
export interface StackVerification {
  readonly verified: readonly Verification[];
  /** What was rolled back, a sentence for each agent. */
  readonly rolledBack: readonly string[];
}

export interface VerifyOptions extends DeployOptions {
  /** @default every agent */
  readonly agent?: string;
}

/**
 * Sees that what was released to a stack runs there and does what its package's tests expect: pods
 * ready, every object as it was deployed, every answer right, every evaluation as good as the
 * environment's gates ask. The evidence says how it went. Where the environment has automatic
 * rollback, a release that fails its first verification gives way to the last good one, once.
 *
 * @throws {UserError} `not-deployed` when something else runs than what was released;
 * `unknown-agent`; what `readStatus` and `smokeTest` refuse. @throws {RefusedError} `stack-locked`.
 */
export async function verify(options: VerifyOptions): Promise<StackVerification> {
  const verified = await verifyReleases(options);
  const failed = verified.some(({ failures }) => failures.length > 0);
  const rolledBack = failed ? await rollBackFailed(options.stack) : [];
  for (const line of rolledBack) options.report(line);
  if (rolledBack.length > 0) await deploy(options);
  return { verified, rolledBack };
}

async function verifyReleases(options: VerifyOptions): Promise<readonly Verification[]> {
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
      const running = { ...where, report: options.report };
      verified.push(await verifyAgent(agent, status, running, environment.gates.evals));
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
  thresholds: Gates["evals"],
): Promise<Verification> {
  const start = performance.now();
  const rollout = status.agents.find((agent) => agent.name === name)?.rollout;
  const tests = await smokeTest(running).catch(withoutTests);
  const evaluated = await runEvals(running);
  const log = await readLog(running.environment, name);
  const lastGood = lastGoodScores(log, release.contents);
  const failures = [
    ...(rollout?.kind === "ready" ? [] : ["its pods are not ready"]),
    ...status.drift.map((line) => `drift: ${line}`),
    ...tests.flatMap((test) => test.failures.map(({ message }) => `${test.name}: ${message}`)),
    ...evaluated.problems.map(({ message }) => message),
    ...failingScores(thresholds, evaluated.scores, lastGood),
  ];
  // The rollout, the objects, each test, and each score.
  const scores = new Set([...Object.keys(evaluated.scores), ...Object.keys(thresholds)]);
  const checks = 2 + tests.length + scores.size;
  const seconds = Math.round(performance.now() - start) / 1000;
  const [reason] = failures;
  const result = failures.length === 0 ? "passed" : "failed";
  const about = { environment: running.environment, agent: name, ...aboutRelease(release) };
  // Before the verification, which counts only together with its scores.
  if (Object.keys(evaluated.scores).length > 0) {
    await addEvidence({ ...about, kind: "eval", result: "passed", figures: evaluated.scores });
  }
  await addEvidence({
    ...about,
    kind: "verified",
    result,
    figures: { checks, failures: failures.length, seconds },
    ...(reason !== undefined && { reason }),
  });
  return { agent: name, version: release.version, release: release.hash, checks, failures };
}

function withoutTests(error: unknown): readonly [] {
  if (error instanceof UserError && error.code === "no-tests") return [];
  throw error;
}
