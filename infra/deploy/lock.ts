import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isElsewhere, type Lock, type LockOwner, lockHolder, tryLock } from "../adapters/lock.ts";
import { projectFolder } from "../adapters/paths.ts";
import { identify } from "../adapters/process-identity.ts";
import { backendFolder, usesLocalState } from "../adapters/pulumi/engine.ts";
import { finishPassphraseChange } from "../adapters/pulumi/passphrase-change.ts";
import { findEngine } from "../adapters/pulumi/running-engine.ts";
import { RefusedError } from "../domain/errors.ts";
import { runUrl } from "../domain/run-url.ts";

/**
 * Takes the stack for this process, or refuses at once when another one has it. Locks that killed
 * processes of this machine left behind, ours and the engine's, are cleared on the way, and a change
 * of passphrase that was killed is ended.
 *
 * @throws {RefusedError} `stack-locked`, and whose it is.
 */
export async function lockStack(stack: string, purpose: string): Promise<Lock> {
  const lock = await tryLock(lockFile(stack), `${purpose} ${stack}`, runUrl(process.env));
  if ("release" in lock) {
    if (usesLocalState()) await clearEngineLocks(stack);
    await finishPassphraseChange(stack);
    return lock;
  }
  throw new RefusedError(
    "stack-locked",
    describeHolder(lock),
    isElsewhere(lock)
      ? `npx slipway unlock ${stack} --force   # only when it no longer runs there`
      : `npx slipway status ${stack}   # and try again when it is done`,
  );
}

/** What this process would hear if it took the stack; undefined when it would get it. */
export async function stackHolder(stack: string): Promise<string | undefined> {
  const owner = await lockHolder(lockFile(stack));
  return owner && describeHolder(owner);
}

/** The file that whoever works on a stack holds. */
export const lockFile = (stack: string) => join(projectFolder, "locks", stack);

/** Who has a stack, for a person. */
export function describeHolder({ purpose, since, pid, user, host, run }: LockOwner): string {
  const started = user === undefined ? "" : `, started by ${user} on ${host}`;
  return `${purpose} has the stack since ${since} (process ${pid})${started}${run ? `: ${run}` : ""}`;
}

/** A lock that the engine made, and where. */
export interface EngineLock {
  readonly path: string;
  readonly owner: LockOwner;
  /** False when its owner ran here and has ended; one of another host may run, for all we know. */
  readonly held: boolean;
}

/**
 * The engine's locks of a stack, in the state that this checkout keeps. Each is a file that only its
 * owner removes, so a killed engine blocks its stack for ever
 * (https://github.com/pulumi/pulumi/issues/9148).
 */
export async function engineLocks(stack: string): Promise<readonly EngineLock[]> {
  const folder = join(backendFolder, ".pulumi", "locks", "organization", "deploy", stack);
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.map((name) => readEngineLock(join(folder, name))));
  return found.flatMap((lock) => lock ?? []);
}

async function readEngineLock(path: string): Promise<EngineLock | undefined> {
  try {
    const { pid, hostname, username, timestamp } = JSON.parse(await readFile(path, "utf8"));
    if (!Number.isInteger(pid)) return undefined;
    const owner = { pid, host: hostname, user: username, since: timestamp, purpose: "the engine" };
    return { path, owner, held: isElsewhere(owner) || identify(pid) !== undefined };
  } catch {
    // Beside the locks lie other files, and a lock may go at any moment.
    return undefined;
  }
}

/** An engine whose deployment was killed ends by itself within this time, in milliseconds. */
const orphanLife = 15_000;

/**
 * Removes locks whose engines have ended. One of this machine that still runs, though nobody else has
 * the stack, has lost whoever started it and is about to end; if it was started by hand it goes on,
 * and the next engine says so.
 */
async function clearEngineLocks(stack: string): Promise<void> {
  const start = performance.now();
  for (;;) {
    const locks = await engineLocks(stack);
    for (const { path, held } of locks) {
      if (!held) await rm(path, { force: true });
    }
    const mayEnd = locks.some(({ held, owner }) => held && !isElsewhere(owner));
    const isRunning = findEngine("deploy", stack) !== undefined;
    if (!(mayEnd || isRunning) || performance.now() - start > orphanLife) return;
    await setTimeout(100);
  }
}
