import { randomBytes } from "node:crypto";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { readIfExists } from "./files.ts";
import { identify, isRunning, type ProcessIdentity } from "./process-identity.ts";

/** Who holds a lock: the process, where and by whom it runs, what it does and since when (ISO 8601). */
export interface LockOwner extends ProcessIdentity {
  readonly purpose: string;
  readonly since: string;
  readonly host: string;
  readonly user: string;
  /** Page of the CI run. @default no CI runs it */
  readonly run?: string;
}

/** A lock that this process holds until it calls `release`. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock file `path`, unless a running process holds it: then that owner is returned. A
 * lock whose owner is gone, killed at any moment, counts as free. Of a process on another host
 * nobody can tell that here, so its lock is never free.
 *
 * @param run page of the CI run that this process is part of
 */
export async function tryLock(
  path: string,
  purpose: string,
  run?: string,
): Promise<Lock | LockOwner> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Never a name that was used before: after a kill it may still be another name of the lock itself.
  const mine = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const owner = {
    pid: process.pid,
    ...identify(process.pid),
    purpose,
    since: new Date().toISOString(),
    host: hostname(),
    user: userName(),
    ...(run !== undefined && { run }),
  };
  await writeFile(mine, JSON.stringify(owner), { mode: 0o600 });
  try {
    for (;;) {
      if (await linkIfFree(mine, path)) return { release: () => removeIf(path, owner) };
      const holder = holdingOwner(await readIfExists(path)) ?? (await removeStale(path));
      if (holder) return holder;
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** Whose the lock file `path` is, even when that process has ended. */
export async function lockOwner(path: string): Promise<LockOwner | undefined> {
  return parseOwner(await readIfExists(path));
}

/** Who holds the lock file `path` now, without taking it. */
export async function lockHolder(path: string): Promise<LockOwner | undefined> {
  return holdingOwner(await readIfExists(path));
}

/** Takes a lock away from its owner, whatever that owner does, unless it is another one by now. */
export async function breakLock(path: string, owner: LockOwner): Promise<void> {
  await removeIf(path, owner);
}

/** Runs `work` while holding the lock, waiting for its turn as long as the owner is running. */
export async function withLock<T>(
  path: string,
  purpose: string,
  work: () => Promise<T>,
  onWait: (owner: LockOwner) => void = () => {},
): Promise<T> {
  let told = false;
  for (;;) {
    const lock = await tryLock(path, purpose);
    if ("release" in lock) return work().finally(() => lock.release());
    if (!told) onWait(lock);
    told = true;
    await delay(250);
  }
}

/** A hard link either makes the complete file or fails: nobody ever reads half a lock. */
async function linkIfFree(file: string, path: string): Promise<boolean> {
  try {
    await link(file, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Whoever broke the lock has given it to somebody else. */
async function removeIf(path: string, owner: LockOwner): Promise<void> {
  const found = parseOwner(await readIfExists(path));
  if (isDeepStrictEqual(found, owner)) await rm(path, { force: true });
}

function holdingOwner(text: string | undefined): LockOwner | undefined {
  const owner = parseOwner(text);
  return owner && (isElsewhere(owner) || isRunning(owner)) ? owner : undefined;
}

/** Whether a lock was taken on another host, where this one sees no process. */
export function isElsewhere({ host = hostname() }: Partial<LockOwner>): boolean {
  return host !== hostname();
}

/** In a container, a user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}

/**
 * Removes a lock whose owner is gone. Who wants to do so locks that first, or of two that saw the
 * same stale lock the slower one would remove the lock that the faster one has just taken.
 *
 * @returns the process that is doing it already, if any.
 */
async function removeStale(path: string): Promise<LockOwner | undefined> {
  const turn = await tryLock(`${path}.takeover`, "taking over");
  if (!("release" in turn)) return turn;
  try {
    const text = await readIfExists(path);
    if (text !== undefined && !holdingOwner(text)) await rm(path, { force: true });
  } finally {
    await turn.release();
  }
  return undefined;
}

function parseOwner(text: string | undefined): LockOwner | undefined {
  try {
    return JSON.parse(text ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
