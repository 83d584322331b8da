import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Lock, type LockOwner, lockHolder, tryLock } from "../adapters/lock.ts";
import { projectFolder } from "../adapters/paths.ts";
import { identify } from "../adapters/process-identity.ts";
import { backendFolder, usesLocalState } from "../adapters/pulumi/engine.ts";
import { RefusedError } from "../domain/errors.ts";

/**
 * Takes the stack for this process, or refuses at once when another one has it. Locks that killed
 * processes of this machine left behind, ours and the engine's, are cleared on the way.
 *
 * @throws {RefusedError} `stack-locked`.
 */
export async function lockStack(stack: string, purpose: string): Promise<Lock> {
  const lock = await tryLock(lockFile(stack), `${purpose} ${stack}`);
  if ("release" in lock) {
    if (usesLocalState()) await clearEngineLocks(stack);
    return lock;
  }
  throw new RefusedError(
    "stack-locked",
    describeHolder(lock),
    `npx slipway status ${stack}   # and try again when it is done`,
  );
}

/** What this process would hear if it took the stack; undefined when it would get it. */
export async function stackHolder(stack: string): Promise<string | undefined> {
  const owner = await lockHolder(lockFile(stack));
  return owner && describeHolder(owner);
}

const lockFile = (stack: string) => join(projectFolder, "locks", stack);

function describeHolder({ purpose, since, pid }: LockOwner): string {
  return `${purpose} has the stack since ${since} (process ${pid})`;
}

interface EngineLock {
  readonly pid: number;
  readonly hostname: string;
}

/**
 * The engine's own lock is a file that only its owner removes, so a killed engine blocks its stack
 * for ever (https://github.com/pulumi/pulumi/issues/9148). An owner on this machine that no longer
 * runs is recognised by its pid; a lock of another machine is never touched.
 */
async function clearEngineLocks(stack: string): Promise<void> {
  const folder = join(backendFolder, ".pulumi", "locks", "organization", "deploy", stack);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const text = await readFile(path, "utf8").catch(() => "{}");
    const owner: Partial<EngineLock> = JSON.parse(text);
    if (owner.hostname !== hostname() || !owner.pid) continue;
    if (!identify(owner.pid)) await rm(path, { force: true });
  }
}
