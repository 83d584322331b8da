import { readLog } from "../adapters/evidence.ts";
import { changesSince, textAt } from "../adapters/git.ts";
import { readStack } from "../adapters/read-stack.ts";
import { readOwnRelease } from "../adapters/releases.ts";
import { sha256 } from "../adapters/sha256.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { parseEvidence } from "../domain/evidence/check.ts";
import { evidenceFile } from "../domain/evidence/evidence.ts";
import { type ChangedAgent, gateRefusals } from "../domain/promotion/gate.ts";
import { refuse } from "../domain/promotion/refusal.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { gatesAgainst } from "./admission.ts";

/** What a change would release, and where. */
export interface GateResult {
  /** Environment, or undefined when nothing is released. */
  readonly environment?: string;
  readonly releases: readonly {
    readonly agent: string;
    readonly version: string;
    readonly image: string;
    readonly hash: string;
  }[];
}

/**
 * Sees whether a change may be merged that is checked out here: see `gateRefusals`, and every gate of
 * the environment that it releases to. Needs neither a cluster nor a passphrase.
 *
 * @param base commit or branch that it would be merged into.
 * @throws {UserError} `invalid-input` when a release or its evidence is not what a command wrote;
 * `unknown-base`. @throws {RefusedError} `not-admitted` with every reason; `release-differs`.
 */
export async function checkGate(base: string): Promise<GateResult> {
  const pipeline = parsePipeline(pipelineFile, (await readStackTexts())[pipelineFile] ?? "");
  const names = pipeline.environments.map(({ name }) => name);
  const changed = await readChanges(base, names);
  const releasing = changed.filter(({ release }) => release !== undefined);
  const environments = [...new Set(releasing.map(({ environment }) => environment))];
  const stacks = await Promise.all(environments.map((name) => readStack(name)));
  const admitted = releasing.map(async ({ environment, release }) => {
    const stack = stacks.find((one) => one.environment.name === environment);
    return release && stack ? gatesAgainst(release, stack.environment, pipeline) : [];
  });
  refuse([...gateRefusals(changed), ...(await Promise.all(admitted)).flat()]);
  const [environment] = environments;
  const releases = releasing.flatMap(({ agent, release }) => {
    if (release === undefined) return [];
    const { version, image, hash } = release;
    return [{ agent, version, image, hash }];
  });
  return { ...(environment && { environment }), releases };
}

const file = /^stacks\/([^/]+)\/([^/]+)\/(release|evidence)\.json$/;

async function readChanges(
  base: string,
  environments: readonly string[],
): Promise<readonly ChangedAgent[]> {
  const { from, paths } = await changesSince(base);
  const found = new Map<string, Set<string>>();
  for (const path of paths) {
    const [, environment = "", agent = "", kind = ""] = file.exec(path) ?? [];
    if (!environments.includes(environment)) continue;
    const key = `${environment}/${agent}`;
    found.set(key, (found.get(key) ?? new Set()).add(kind));
  }
  const agents = [...found].map(async ([key, kinds]): Promise<ChangedAgent> => {
    const [environment = "", agent = ""] = key.split("/");
    const path = evidenceFile(environment, agent);
    const text = await textAt(from, path);
    const [release, after] = await Promise.all([
      kinds.has("release") ? readOwnRelease(environment, agent) : undefined,
      readLog(environment, agent),
    ]);
    const before = text === undefined ? [] : parseEvidence(path, text, sha256);
    return { environment, agent, ...(release && { release }), evidence: { before, after } };
  });
  return Promise.all(agents);
}
