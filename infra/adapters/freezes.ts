import { join } from "node:path";
import { addFreeze, removeFreezes } from "../domain/stack/freeze.ts";
import { pipelineFile } from "../domain/stack/pipeline.ts";
import { now } from "./evidence.ts";
import { readIfExists, writeAtomically } from "./files.ts";
import { root } from "./paths.ts";

const path = join(root, pipelineFile);

/**
 * Keeps releases out of an environment from now on.
 *
 * @param until first moment after it, such as 2030-12-20T18:00Z
 * @throws {UserError} what `addFreeze` refuses.
 */
export async function freeze(environment: string, until: string, reason: string): Promise<void> {
  const from = now().replace(/\.\d+Z$/, "Z");
  const text = (await readIfExists(path)) ?? "";
  await writeAtomically(path, addFreeze(text, environment, { from, until, reason }), 0o644);
}

/**
 * Lets releases into an environment again.
 *
 * @throws {UserError} `not-frozen`; `unknown-environment`.
 */
export async function unfreeze(environment: string): Promise<void> {
  const text = (await readIfExists(path)) ?? "";
  await writeAtomically(path, removeFreezes(text, environment, now()), 0o644);
}
