import { join } from "node:path";
import { author, now, readEvidence } from "../adapters/evidence.ts";
import { writeAtomically } from "../adapters/files.ts";
import { commitOnBranch } from "../adapters/git.ts";
import { root } from "../adapters/paths.ts";
import { readRecordedRelease } from "../adapters/read-stack.ts";
import { sha256 } from "../adapters/sha256.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { UserError } from "../domain/errors.ts";
import { draft } from "../domain/lint/draft.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { environmentBefore } from "../domain/promotion/admission.ts";
import { planPromotion } from "../domain/promotion/plan-promotion.ts";
import type { PlannedFile, PromotedAgent, PromotionPlan } from "../domain/promotion/promotion.ts";
import { refuse } from "../domain/promotion/refusal.ts";
import { pinAgent, recordFile, renderRecord } from "../domain/release/record.ts";
import type { Pipeline } from "../domain/stack/environment.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { type Agent, planStack, type Stack } from "../domain/stack/plan.ts";
import { didYouMean } from "../domain/text/nearest.ts";
import { lockStack } from "./lock.ts";

/** A wish to move releases to an environment. */
export interface PromoteOptions {
  readonly agents: readonly string[];
  readonly to: string;
  /** @default the environment before */
  readonly from?: string;
  readonly hotfix?: { readonly reason: string };
}

/** What a promotion changes, and every file that it writes. */
export type Promotion = Extract<PromotionPlan, { kind: "promote" }>;

interface Move {
  readonly from: string;
  readonly to: string;
  readonly pipeline: Pipeline;
  /** The stacks as their files say now. */
  readonly source: Stack;
  readonly target: Stack;
}

/**
 * Plans to release to an environment what another one runs: the same package, image, prompts, model
 * and tools, with the settings that the environment's files have now.
 *
 * @throws {RefusedError} `not-admitted` with every reason; `release-differs`.
 * @throws {UserError} what `planStack` refuses; `unknown-agent`.
 */
export async function preparePromotion(options: PromoteOptions): Promise<Promotion> {
  const move = await readMove(options);
  const { from, to, pipeline } = move;
  const moved = await Promise.all(options.agents.map((name) => describe(name, move)));
  const { hotfix } = options;
  const request = { pipeline, from, to, now: now(), by: author(), ...(hotfix && { hotfix }) };
  const agents = moved.map(({ promoted }) => promoted);
  const plan = planPromotion({ ...request, agents }, sha256);
  if (plan.kind === "refused") {
    refuse(plan.refusals);
    throw new Error("a promotion was refused without a reason");
  }
  const records = plan.agents.flatMap(({ name, release }): readonly PlannedFile[] => {
    const after = moved.find(({ promoted }) => promoted.name === name)?.after;
    return after ? [{ path: recordFile(to, release), text: renderRecord(after, release) }] : [];
  });
  return { ...plan, files: [...plan.files, ...records] };
}

/**
 * Releases to an environment what another one runs.
 *
 * @throws what `preparePromotion` throws. @throws {RefusedError} `stack-locked`.
 */
export async function promote(options: PromoteOptions): Promise<Promotion> {
  const lock = await lockStack(options.to, "promote");
  try {
    const promotion = await preparePromotion(options);
    await write(promotion);
    return promotion;
  } finally {
    await lock.release();
  }
}

/** The releases come last: they are what a deployment looks at. */
async function write({ files }: Promotion): Promise<void> {
  const isRelease = ({ path }: PlannedFile) => path.endsWith("/release.json");
  const ordered = [...files.filter((file) => !isRelease(file)), ...files.filter(isRelease)];
  for (const { path, text } of ordered) await writeAtomically(join(root, path), text, 0o644);
}

/**
 * Writes what a promotion changes to a branch of its own, one commit ahead of what is checked out,
 * and changes nothing here.
 *
 * @param text what the commit says below its title.
 * @returns the branch.
 * @throws {UserError} `no-branch` outside a repository, or when the branch is there already.
 */
export async function proposePromotion(
  { to, agents, files }: Promotion,
  text: string,
): Promise<string> {
  const names = agents.map(({ name }) => name).join("-");
  const hash = agents[0]?.release.hash.slice("sha256:".length, 15);
  const branch = `promote-${names}-to-${to}-${hash}`;
  const title = agents.map(({ name, release }) => `${name} ${release.version}`).join(" and ");
  const otherwise = `npx slipway promote ${agents.map(({ name }) => name).join(" ")} --to ${to}`;
  await commitOnBranch(branch, `Release ${title} to ${to}\n\n${text}`, files, otherwise);
  return branch;
}

async function readMove({ agents, from, to }: PromoteOptions): Promise<Move> {
  const pipelineText = (await readStackTexts())[pipelineFile] ?? "";
  const pipeline = parsePipeline(pipelineFile, pipelineText);
  const source = from ?? environmentBefore(pipeline, to)?.name ?? to;
  const texts = await readStackTexts(...new Set([source, to]));
  // An agent that is new to an environment needs no file there.
  const added = agents.map((name) => [`stacks/${to}/${name}/values.yaml`, ""]);
  return {
    from: source,
    to,
    pipeline,
    source: planStack({ environment: source, texts }),
    target: planStack({ environment: to, texts: { ...Object.fromEntries(added), ...texts } }),
  };
}

async function describe(name: string, { from, to, pipeline, source, target }: Move) {
  const there = find(name, target);
  const [sent, before, evidence] = await Promise.all([
    pinned(find(name, source), from),
    // What runs there now is only shown. When it can no longer be told, everything shows as new.
    pinned(there, to).catch(() => undefined),
    readEvidence(
      name,
      pipeline.environments.map((environment) => environment.name),
    ),
  ]);
  const { package: pkg, behaviour, release } = sent;
  const after: Agent = { ...there, package: pkg, behaviour, ...(release && { release }) };
  const ran = before?.release && before;
  const promoted: PromotedAgent = {
    name,
    ...(release && { source: release }),
    ...(there.release && { current: there.release }),
    evidence,
    values: { ...(ran && { before: ran.values }), after: after.values },
    secrets: {},
    objects: { ...(ran && { before: objectsOf(ran, target) }), after: objectsOf(after, target) },
  };
  return { promoted, after };
}

function find(name: string, { environment, agents }: Stack): Agent {
  const found = agents.find((agent) => agent.name === name);
  if (found) return found;
  const known = agents.map((agent) => agent.name);
  throw new UserError(
    "unknown-agent",
    `${environment.name} has no agent "${name}"${didYouMean(name, known)}`,
    `choose one of: ${known.join(", ")}`,
  );
}

async function pinned(agent: Agent, environment: string): Promise<Agent> {
  const { release } = agent;
  const record = release && (await readRecordedRelease(environment, release));
  return pinAgent(agent, environment, record, sha256);
}

/** An agent's own objects, with stand-ins for its secrets. */
function objectsOf(agent: Agent, { environment }: Stack): readonly KubernetesObject[] {
  return draft({ environment, agents: [agent] }, sha256).objects.filter(
    ({ metadata }) => metadata.labels["app.kubernetes.io/instance"] === agent.name,
  );
}
