import { userInfo } from "node:os";
import { join } from "node:path";
import { refuseProblems } from "../domain/errors.ts";
import { missingBases, parseEvidence } from "../domain/evidence/check.ts";
import {
  appendEvidence,
  type Evidence,
  type EvidenceEntry,
  type EvidenceFacts,
  evidenceFile,
  renderEvidence,
} from "../domain/evidence/evidence.ts";
import { readIfExists, writeAtomically } from "./files.ts";
import { root } from "./paths.ts";
import { sha256 } from "./sha256.ts";

/**
 * Everything that is known of an agent, by environment.
 *
 * @param environments all of the pipeline, in its order
 * @throws {UserError} `invalid-input` when a log is not the chain that it was.
 */
export async function readEvidence(
  agent: string,
  environments: readonly string[],
): Promise<Evidence> {
  const logs = await Promise.all(
    environments.map(async (name) => [name, await readLog(name, agent)] as const),
  );
  const evidence = Object.fromEntries(logs);
  // The first environment is every developer's own, so what was verified there may be elsewhere.
  refuseProblems(missingBases(evidence, environments.slice(1, 2)));
  return evidence;
}

/** What happened to an agent in one environment, oldest first. */
export async function readLog(
  environment: string,
  agent: string,
): Promise<readonly EvidenceEntry[]> {
  const file = evidenceFile(environment, agent);
  const text = await readIfExists(join(root, file));
  return text === undefined ? [] : parseEvidence(file, text, sha256);
}

/** Adds to what is known of an agent. Whoever holds the stack's lock may. */
export async function addEvidence(facts: Omit<EvidenceFacts, "at" | "by">): Promise<void> {
  const { environment, agent } = facts;
  const log = await readLog(environment, agent);
  const entry = { at: now(), by: author(), ...facts };
  const text = renderEvidence(appendEvidence(log, entry, sha256));
  await writeAtomically(join(root, evidenceFile(environment, agent)), text, 0o644);
}

/** This moment, as evidence has it. */
export function now(): string {
  return new Date().toISOString();
}

/** Who runs this: what the CI says, or else the user of this machine. */
export function author(): string {
  const { GITHUB_ACTOR, GITLAB_USER_LOGIN } = process.env;
  return GITHUB_ACTOR || GITLAB_USER_LOGIN || userInfo().username;
}
