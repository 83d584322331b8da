import { createHash } from "node:crypto";
import { commitOnBranch } from "../adapters/git.ts";
import { readStack } from "../adapters/read-stack.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { describeDrift } from "../domain/live/describe-drift.ts";
import { type KeptDrift, keepDrift } from "../domain/live/keep-drift.ts";
import { planStack } from "../domain/stack/plan.ts";
import { describeFiles, findDrift, type StackDrift } from "./drift.ts";

/** A change of files that keeps what others did in the cluster. */
export interface DriftProposal extends StackDrift, Omit<KeptDrift, "files"> {
  /** Absent when there is nothing that files could keep. */
  readonly branch?: string;
}

/**
 * Proposes on a branch that a stack's files say what others set in the cluster. Changes nothing in
 * the cluster and nothing that is checked out.
 *
 * @throws {UserError} what `findDrift` refuses; `invalid-input` when the files would not be sound
 * then; `no-branch`.
 */
export async function proposeDrift(environment: string): Promise<DriftProposal> {
  const found = await findDrift(environment);
  const { drift } = found;
  const stack = await readStack(environment);
  const { objects } = await describeFiles(stack);
  const texts = await readStackTexts(environment);
  const { files, kept, left } = keepDrift({ ...stack, environment, drift, objects, texts });
  if (files.length === 0) return { ...found, kept, left };
  const changed = Object.fromEntries(files.map(({ path, text }) => [path, text]));
  planStack({ environment, texts: { ...texts, ...changed } });
  const hash = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  const branch = `keep-drift-${environment}-${hash}`;
  const lines = kept.map(describeDrift).join("\n");
  const message = `Keep what was set by hand in ${environment}\n\n${lines}`;
  await commitOnBranch(branch, message, files, `npx slipway drift ${environment}`);
  return { ...found, kept, left, branch };
}
