import type { TextHash } from "../digest.ts";
import { RefusedError } from "../errors.ts";
import type { Agent } from "../stack/plan.ts";
import { type Release, sealRelease } from "./release.ts";
import { type Describable, releaseOfAgent } from "./release-of-agent.ts";

/** What a release names by digests, so that it can run when the files are no longer the same. */
export interface ReleaseRecord extends Omit<Describable, "name"> {
  readonly release: Release;
}

/** Path of a release's record from the root of the repository. Two releases never share one. */
export function recordFile(environment: string, { package: agent, hash }: Release): string {
  return `stacks/${environment}/${agent}/releases/${hash.slice("sha256:".length, 23)}.json`;
}

/** The text of a record. */
export function renderRecord(agent: Describable, release: Release): string {
  const { package: pkg, values, behaviour } = agent;
  const record: ReleaseRecord = { release, package: pkg, values, behaviour };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/**
 * An agent as it was released to an environment: as its files are while they still say so, else as
 * the record has it. What neither has cannot run.
 *
 * @throws {RefusedError} `release-differs`
 */
export function pinAgent(
  agent: Agent,
  environment: string,
  record: ReleaseRecord | undefined,
  sha256: TextHash,
): Agent {
  const { name, release } = agent;
  if (release === undefined || isReleased(agent, release, sha256)) return agent;
  if (record !== undefined) {
    const { package: pkg, values, behaviour } = record;
    const recorded = { ...agent, package: pkg, values, behaviour };
    if (isReleased(recorded, release, sha256)) return recorded;
  }
  throw new RefusedError(
    "release-differs",
    `${name} ${release.version} was released to ${environment} with another package, other prompts or other settings than are here, and ${recordFile(environment, release)} does not have them`,
    `npx slipway promote ${name} --to ${environment}`,
  );
}

/** Whether an agent is what a release names. */
function isReleased(agent: Describable, release: Release, sha256: TextHash): boolean {
  const { image, platformDigest } = release;
  const found = sealRelease(releaseOfAgent(agent, { image, platformDigest }, sha256), sha256);
  return found.contents === release.contents && found.config === release.config;
}
