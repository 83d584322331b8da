import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { identify, isRunning, type ProcessIdentity } from "./process-identity.ts";

/** Who holds a lock: the process, what it does and since when (ISO 8601). */
export interface LockOwner extends ProcessIdentity {
  readonly purpose: string;
  readonly since: string;
}

/** A lock that this process holds until it calls `release`. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock file `path`, unless a running process holds it: then that owner is returned. A
 * lock whose owner is gone, killed at any moment, counts as free.
 */
export async function tryLock(path: string, purpose: string): Promise<Lock | LockOwner> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const mine = `${path}.${process.pid}`;
  const owner = { ...identify(process.pid), purpose, since: new Date().toISOString() };
  await writeFile(mine, JSON.stringify(owner), { mode: 0o600 });
  try {
    for (;;) {
      // A hard link either makes the complete file or fails: nobody ever reads half a lock.
      const taken = await link(mine, path).then(
        () => true,
        () => false,
      );
      if (taken) return { release: () => rm(path, { force: true }) };
      const holder = await readOwner(path);
      if (holder && isRunning(holder)) return holder;
      await removeStale(path);
    }
  } finally {
    await rm(mine, { force: true });
  }
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

async function readOwner(path: string): Promise<LockOwner | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Moves the file aside before removing it, so that of several waiters only one removes it. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const owner = await readOwner(aside);
  // Between the look and the move a new owner may have taken the lock: give it back.
  if (owner && isRunning(owner)) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}
