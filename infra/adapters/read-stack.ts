import { join } from "node:path";
import { RefusedError } from "../domain/errors.ts";
import { pinAgent, type ReleaseRecord, recordFile } from "../domain/release/record.ts";
import type { Release } from "../domain/release/release.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { planStack, type Stack } from "../domain/stack/plan.ts";
import { readIfExists } from "./files.ts";
import { root } from "./paths.ts";
import { sha256 } from "./sha256.ts";
import { readStackTexts } from "./workspace.ts";

/**
 * A stack as it was released. The first environment follows its files: that is where they are tried.
 * Everywhere else, whatever changed in the files since the release waits for a promotion.
 *
 * @param set assignments that win over every file; with them it is the files that count.
 * @throws {UserError} what `planStack` refuses. @throws {RefusedError} `release-differs`.
 */
export async function readStack(environment: string, set?: readonly string[]): Promise<Stack> {
  const texts = await readStackTexts(environment);
  const stack = planStack({ environment, texts, ...(set && { set }) });
  const [first] = parsePipeline(pipelineFile, texts[pipelineFile] ?? "").environments;
  if (environment === first?.name || set !== undefined) return stack;
  const agents = stack.agents.map(async (agent) =>
    pinAgent(
      agent,
      environment,
      agent.release && (await readRecordedRelease(environment, agent.release)),
      sha256,
    ),
  );
  return { ...stack, agents: await Promise.all(agents) };
}

/**
 * What a release names by digests; undefined when it was not recorded.
 *
 * @throws {RefusedError} `release-record` when the file is not what was written.
 */
export async function readRecordedRelease(
  environment: string,
  release: Release,
): Promise<ReleaseRecord | undefined> {
  const file = recordFile(environment, release);
  const text = await readIfExists(join(root, file));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RefusedError(
      "release-record",
      `${file} is damaged: ${(error as Error).message}`,
      `git restore ${file}`,
    );
  }
}
