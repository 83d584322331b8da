import { join } from "node:path";
import { author, now, readEvidence, readLog } from "../adapters/evidence.ts";
import { writeAtomically } from "../adapters/files.ts";
import { root } from "../adapters/paths.ts";
import { readStack } from "../adapters/read-stack.ts";
import { readRecordedReleases } from "../adapters/recorded-releases.ts";
import { readOwnRelease } from "../adapters/releases.ts";
import { sha256 } from "../adapters/sha256.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { RefusedError, UserError } from "../domain/errors.ts";
import { hasFailed } from "../domain/evidence/verdict.ts";
import { environmentBefore } from "../domain/promotion/admission.ts";
import {
  planRollback,
  type RollbackPlan,
  type RollbackRequest,
} from "../domain/promotion/plan-rollback.ts";
import { refuse } from "../domain/promotion/refusal.ts";
import type { Release } from "../domain/release/release.ts";
import type { Environment, Pipeline } from "../domain/stack/environment.ts";
import { environmentNamed, parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { lockStack } from "./lock.ts";

/** A wish to run an earlier release again. */
export interface RollbackOptions extends Pick<RollbackRequest, "agent" | "reason" | "automatic"> {
  readonly environment: string;
  /** Hash of the release, or its beginning. @default the last good one */
  readonly to?: string;
}

/** What a rollback changes. */
export type Rollback = Extract<RollbackPlan, { kind: "roll-back" }>;

/**
 * Makes an earlier release what an environment is to run, and puts the current one in quarantine. A
 * deployment has to follow. The caller holds the stack's lock.
 *
 * @throws {RefusedError} `not-admitted`; `follows-files` in the first environment.
 * @throws {UserError} `no-release`
 */
export async function rollBack(options: RollbackOptions): Promise<Rollback> {
  const { agent } = options;
  const { environment, pipeline } = await readEnvironment(options.environment);
  const current = await requireRelease(environment.name, agent);
  const names = pipeline.environments.map(({ name }) => name);
  const plan = planRollback(
    {
      ...options,
      environment,
      current,
      recorded: await readRecordedReleases(environment.name, current),
      evidence: await readEvidence(agent, names),
      now: now(),
      by: author(),
    },
    sha256,
  );
  if (plan.kind === "refused") {
    refuse(plan.refusals);
    throw new Error("a rollback was refused without a reason");
  }
  // The evidence first: with the release alone, a kill in between would leave no quarantine.
  for (const { path, text } of plan.files.toReversed()) {
    await writeAtomically(join(root, path), text, 0o644);
  }
  return plan;
}

/**
 * Rolls back, where the environment wants that, every release that failed just now: its deployment,
 * or its first verification.
 *
 * @returns what was done, a sentence for each agent.
 * @throws {RefusedError} `stack-locked`.
 */
export async function rollBackFailed(environment: string): Promise<readonly string[]> {
  const lock = await lockStack(environment, "rollback");
  try {
    const done: string[] = [];
    for (const { name, release } of (await readStack(environment)).agents) {
      const log = await readLog(environment, name);
      if (release === undefined || !hasFailed(log, release.hash)) continue;
      const reason = log.at(-1)?.reason ?? "it failed";
      const options = { environment, agent: name, reason, automatic: true };
      const back = await rollBack(options).catch(unlessRefused);
      if (back === undefined) continue;
      const { version, hash } = back.release;
      done.push(
        `${name} was rolled back to ${version} (${hash}); ${release.version} is in quarantine`,
      );
    }
    return done;
  } finally {
    await lock.release();
  }
}

function unlessRefused(error: unknown): undefined {
  if (error instanceof RefusedError) return undefined;
  throw error;
}

async function readEnvironment(
  name: string,
): Promise<{ environment: Environment; pipeline: Pipeline }> {
  const pipeline = parsePipeline(pipelineFile, (await readStackTexts())[pipelineFile] ?? "");
  const environment = environmentNamed(pipeline, name);
  if (environmentBefore(pipeline, name) !== undefined) return { environment, pipeline };
  throw new RefusedError(
    "follows-files",
    `${name} is the first environment: it runs what its files say`,
    `git diff   # take the change back, then: npx slipway deploy ${name}`,
  );
}

async function requireRelease(environment: string, agent: string): Promise<Release> {
  const release = await readOwnRelease(environment, agent);
  if (release) return release;
  throw new UserError(
    "no-release",
    `nothing of ${agent} was released to ${environment}`,
    `npx slipway promote ${agent} --to ${environment}`,
  );
}
