import { existsSync } from "node:fs";
import { join } from "node:path";
import { now, readEvidence } from "../adapters/evidence.ts";
import { writeAtomically } from "../adapters/files.ts";
import { sourceCommit } from "../adapters/git.ts";
import { root } from "../adapters/paths.ts";
import { readOwnRelease, writeRelease } from "../adapters/releases.ts";
import type { Report } from "../adapters/report.ts";
import { sha256 } from "../adapters/sha256.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { admissionRefusals, environmentBefore } from "../domain/promotion/admission.ts";
import { type Refusal, refuse } from "../domain/promotion/refusal.ts";
import { recordFile, renderRecord } from "../domain/release/record.ts";
import { type Release, succeedRelease } from "../domain/release/release.ts";
import { releaseOfAgent } from "../domain/release/release-of-agent.ts";
import type { Environment, Pipeline } from "../domain/stack/environment.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { type Agent, planStack } from "../domain/stack/plan.ts";

/**
 * Sees that the gates of an environment let in what it is to run. The releases of the first
 * environment take up what their files say now: that is where files are tried.
 *
 * @returns the releases that are let in.
 * @throws {RefusedError} `not-admitted` with every reason.
 */
export async function admitReleases(name: string, report: Report): Promise<readonly Release[]> {
  const texts = await readStackTexts(name);
  const pipeline = parsePipeline(pipelineFile, texts[pipelineFile] ?? "");
  const { environment, agents } = planStack({ environment: name, texts });
  const released = agents.filter(({ release }) => release !== undefined);
  const isFirst = environmentBefore(pipeline, name) === undefined;
  const releases = await Promise.all(
    released.map((agent) =>
      isFirst ? takeUpFiles(agent, environment, report) : (agent.release as Release),
    ),
  );
  const refused = releases.map((release) => gatesAgainst(release, environment, pipeline));
  refuse((await Promise.all(refused)).flat());
  return releases;
}

async function takeUpFiles(agent: Agent, { name }: Environment, report: Report): Promise<Release> {
  const release = agent.release as Release;
  const { image, platformDigest } = release;
  const open = releaseOfAgent(agent, { image, platformDigest }, sha256);
  const next = succeedRelease(release, open, sha256);
  if (next === release) return keepRecord(agent, name, release);
  const commit = await sourceCommit(agent.folder);
  const current = succeedRelease(release, { ...open, ...(commit && { commit }) }, sha256);
  await writeRelease(name, current);
  report(`${agent.name}: its release takes up what its files say now`);
  return keepRecord(agent, name, current);
}

async function keepRecord(agent: Agent, environment: string, release: Release): Promise<Release> {
  const file = join(root, recordFile(environment, release));
  if (!existsSync(file)) await writeAtomically(file, renderRecord(agent, release), 0o644);
  return release;
}

/** Every gate of an environment that does not let a release in, now. */
export async function gatesAgainst(
  release: Release,
  environment: Environment,
  pipeline: Pipeline,
): Promise<readonly Refusal[]> {
  const { package: agent } = release;
  const previous = environmentBefore(pipeline, environment.name);
  const before = previous && (await readOwnRelease(previous.name, agent));
  const evidence = await readEvidence(
    agent,
    pipeline.environments.map(({ name }) => name),
  );
  return admissionRefusals({
    pipeline,
    environment,
    agent,
    release,
    ...(before && { before }),
    evidence,
    now: now(),
  });
}
