import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists } from "../adapters/files.ts";
import { breakLock, isElsewhere, type LockOwner, lockHolder, lockOwner } from "../adapters/lock.ts";
import { root } from "../adapters/paths.ts";
import { usesLocalState } from "../adapters/pulumi/engine.ts";
import { RefusedError } from "../domain/errors.ts";
import { pipelineFile } from "../domain/stack/pipeline.ts";
import { planStack } from "../domain/stack/plan.ts";
import { describeHolder, engineLocks, lockFile, lockStack } from "./lock.ts";

/** Who has a stack, and who had it. */
export interface StackLocks {
  readonly holders: readonly Holder[];
  /** Processes that ran here and have ended: their locks, which stop nobody, are cleared. */
  readonly ended: readonly LockOwner[];
}

/**
 * Looks at the locks of a stack, and clears those that ended processes left behind.
 *
 * @throws {UserError} `unknown-environment`; `invalid-input` when the pipeline's file is wrong
 */
export async function findLocks(stack: string): Promise<StackLocks> {
  // Only the pipeline: what is wrong with an agent's files must not keep a lock in place.
  const texts = { [pipelineFile]: (await readIfExists(join(root, pipelineFile))) ?? "" };
  planStack({ environment: stack, texts });
  const path = lockFile(stack);
  const owner = await lockHolder(path);
  const last = owner ? undefined : await lockOwner(path);
  const engine = usesLocalState() ? await engineLocks(stack) : [];
  // Taking the lock is what clears those that were left behind.
  if (!owner) await (await lockStack(stack, "unlock")).release();
  return {
    holders: [
      ...(owner ? [holder(owner, () => breakLock(path, owner))] : []),
      ...engine
        .filter(({ held }) => held)
        .map((lock) => holder(lock.owner, () => rm(lock.path, { force: true }))),
    ],
    ended: [...(last ? [last] : []), ...engine.flatMap((lock) => (lock.held ? [] : lock.owner))],
  };
}

/** One process that has a stack. */
export interface Holder {
  readonly owner: LockOwner;
  /** Whether it runs on another host, so that nobody can tell here whether it still does. */
  readonly elsewhere: boolean;
  /** Takes the stack away from it, whatever it does. */
  readonly remove: () => Promise<void>;
}

function holder(owner: LockOwner, remove: () => Promise<void>): Holder {
  return { owner, elsewhere: isElsewhere(owner), remove };
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
    holders.map(({ owner }) => describeHolder(owner)).join("\n"),
    here
      ? `wait for it, or end it: kill -INT ${here.owner.pid}`
      : `npx slipway unlock ${stack} --force   # only when it no longer runs there`,
  );
}
