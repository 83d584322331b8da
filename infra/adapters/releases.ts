import { join } from "node:path";
import { type Problem, refuseProblems } from "../domain/errors.ts";
import { parseRelease } from "../domain/release/parse.ts";
import { type Release, renderRelease, succeedRelease } from "../domain/release/release.ts";
import { releaseOfAgent } from "../domain/release/release-of-agent.ts";
import { draftStack } from "../domain/stack/plan.ts";
import { readIfExists, writeAtomically } from "./files.ts";
import { sourceCommit } from "./git.ts";
import { root } from "./paths.ts";
import { localPlatform } from "./platform.ts";
import { manifestDigest } from "./registry.ts";
import { sha256 } from "./sha256.ts";
import { readSourceTexts } from "./workspace.ts";

/** Path of what an environment runs of an agent, from the root of the checkout. */
export function releaseFile(environment: string, agent: string): string {
  return `stacks/${environment}/${agent}/release.json`;
}

/**
 * Releases an image to an environment, with the agent's files as they are now. A release that would
 * run the same stays as it is.
 *
 * @param image `repository@sha256:<64 hex>`
 * @throws {UserError} `invalid-input` with every problem of the agent's files.
 */
export async function releaseImage(
  environment: string,
  agent: string,
  image: string,
): Promise<Release> {
  const planned = await readAgent(environment, agent);
  const [platformDigest, commit, previous] = await Promise.all([
    manifestDigest(image, { platform: localPlatform() }),
    sourceCommit(planned.folder),
    readPrevious(environment, agent),
  ]);
  const [, ownDigest = ""] = image.split("@");
  const facts = { image, platformDigest: platformDigest ?? ownDigest, ...(commit && { commit }) };
  const release = succeedRelease(previous, releaseOfAgent(planned, facts, sha256), sha256);
  await writeRelease(environment, release);
  return release;
}

/** Makes a release what an environment is to run. */
export async function writeRelease(environment: string, release: Release): Promise<void> {
  const file = join(root, releaseFile(environment, release.package));
  await writeAtomically(file, renderRelease(release), 0o644);
}

/** What an environment is to run of an agent; undefined when nothing was released to it. */
export async function readOwnRelease(
  environment: string,
  agent: string,
): Promise<Release | undefined> {
  const file = releaseFile(environment, agent);
  const text = await readIfExists(join(root, file));
  return text === undefined ? undefined : parseRelease(file, text, sha256);
}

/** What is there already. A file that is no release is about to be replaced, so it stops nobody. */
async function readPrevious(environment: string, agent: string): Promise<Release | undefined> {
  return readOwnRelease(environment, agent).catch(() => undefined);
}

/** The agent as an environment would run it, whatever is wrong with others there. */
async function readAgent(environment: string, agent: string) {
  const sources = await readSourceTexts(environment);
  const problems: Problem[] = [];
  const texts = { [`stacks/${environment}/${agent}/values.yaml`]: "", ...sources };
  const stack = draftStack({ environment, texts }, problems);
  const found = stack?.agents.find(({ name }) => name === agent);
  if (found) return found;
  refuseProblems(problems);
  throw new Error(`${agent} is in no stack of ${environment}`);
}
