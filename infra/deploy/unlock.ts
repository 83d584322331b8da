import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists } from "../adapters/files.ts";
import { breakLock, isElsewhere, type LockOwner, lockHolder } from "../adapters/lock.ts";
import { root } from "../adapters/paths.ts";
import { usesLocalState } from "../adapters/pulumi/engine.ts";
import { RefusedError } from "../domain/errors.ts";
import { pipelineFile } from "../domain/stack/pipeline.ts";
import { planStack } from "../domain/stack/plan.ts";
import { describeHolder, engineLocks, lockFile, lockStack } from "./lock.ts";

/**
 * Who has a stack, each told for a person. Locks of processes that ran here and have ended are
 * cleared first: they stop nobody.
 *
 * @throws {UserError} `unknown-environment`; `invalid-input` when the pipeline's file is wrong
 */
export async function findHolders(stack: string): Promise<readonly Holder[]> {
  // Only the pipeline: what is wrong with an agent's files must not keep a lock in place.
  const texts = { [pipelineFile]: (await readIfExists(join(root, pipelineFile))) ?? "" };
  planStack({ environment: stack, texts });
  const owner = await lockHolder(lockFile(stack));
  // Taking the lock is what clears those that were left behind.
  if (!owner) await (await lockStack(stack, "unlock")).release();
  const engine = usesLocalState() ? await engineLocks(stack) : [];
  return [
    ...(owner ? [holder(owner, () => breakLock(lockFile(stack), owner))] : []),
    ...engine.map((lock) => holder(lock.owner, () => rm(lock.path, { force: true }))),
  ];
}

/** One process that has a stack. */
export interface Holder {
  readonly owner: LockOwner;
  readonly description: string;
  /** Whether it runs on another host, so that nobody can tell here whether it still does. */
  readonly elsewhere: boolean;
  /** Takes the stack away from it, whatever it does. */
  readonly remove: () => Promise<void>;
}

function holder(owner: LockOwner, remove: () => Promise<void>): Holder {
  return { owner, description: describeHolder(owner), elsewhere: isElsewhere(owner), remove };
}

/**
 * The refusal to take a stack away from whoever has it.
 *
 * @param holders at least one
 */
export function heldError(stack: string, holders: readonly Holder[]): RefusedError {
  const here = holders.find(({ elsewhere }) => !elsewhere);
  return new RefusedError(
    "stack-locked",
    holders.map(({ description }) => description).join("\n"),
    here
      ? `wait for it, or end it: kill -INT ${here.owner.pid}`
      : `npx slipway unlock ${stack} --force   # only when it no longer runs there`,
  );
}
