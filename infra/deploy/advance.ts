import { commitTree, gitRemote } from "../adapters/git.ts";
import { openPullRequest } from "../adapters/pull-requests.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { RefusedError } from "../domain/errors.ts";
import { promotionRequest } from "../domain/promotion/pull-request.ts";
import type { Pipeline } from "../domain/stack/environment.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { planStack } from "../domain/stack/plan.ts";
import { type Promotion, preparePromotion } from "./promote.ts";
import type { RemoteBranch } from "./record-remote.ts";

/** What may go to one environment, and what may not yet. */
export interface Advance {
  readonly to: string;
  /** Such as `fastapi-agent 1.0.0`. */
  readonly ready: readonly string[];
  /** Why agents stay, a text for each. */
  readonly waiting: readonly string[];
  /** Branch and address of the pull request. Absent when nothing is ready, or none was asked for. */
  readonly branch?: string;
  readonly pullRequest?: string;
}

/**
 * Finds every release that the gates let into the next environment now.
 *
 * @param open where pull requests go, one for each environment. A branch of the same name is
 * replaced: it holds nothing but such a promotion. @default none is opened
 * @throws {UserError} what `planStack` refuses; `no-pull-request`.
 */
export async function advance(open?: RemoteBranch): Promise<readonly Advance[]> {
  const pipeline = parsePipeline(pipelineFile, (await readStackTexts())[pipelineFile] ?? "");
  const advances: Advance[] = [];
  for (const to of pipeline.environments.slice(1)) {
    advances.push(await advanceTo(to.name, pipeline, open));
  }
  return advances;
}

async function advanceTo(
  to: string,
  pipeline: Pipeline,
  open: RemoteBranch | undefined,
): Promise<Advance> {
  const agents: string[] = [];
  const waiting: string[] = [];
  for (const agent of await released(to, pipeline)) {
    try {
      const { agents: changed } = await preparePromotion({ agents: [agent], to });
      if (changed.length > 0) agents.push(agent);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      waiting.push(`${agent}: ${error.message}`);
    }
  }
  if (agents.length === 0) return { to, ready: [], waiting };
  const promotion = await preparePromotion({ agents, to });
  const ready = promotion.agents.map(({ name, release }) => `${name} ${release.version}`);
  if (open === undefined) return { to, ready, waiting };
  return { to, ready, waiting, ...(await propose(promotion, open)) };
}

/** Agents that have a release in the environment before. */
async function released(to: string, { environments }: Pipeline): Promise<readonly string[]> {
  const before = environments[environments.findIndex(({ name }) => name === to) - 1];
  if (before === undefined) return [];
  const texts = await readStackTexts(before.name);
  const { agents } = planStack({ environment: before.name, texts });
  return agents.flatMap(({ name, release }) => (release ? [name] : []));
}

async function propose(promotion: Promotion, { remote, branch: base }: RemoteBranch) {
  const branch = `slipway/promote-to-${promotion.to}`;
  const request = promotionRequest(promotion);
  const message = `${request.title}\n\n${promotion.files.map(({ path }) => path).join("\n")}`;
  const commit = await commitTree("HEAD", message, promotion.files);
  await gitRemote(["push", "--quiet", "--force", remote, `${commit}:refs/heads/${branch}`]);
  return { branch, pullRequest: await openPullRequest(branch, base, request) };
}
