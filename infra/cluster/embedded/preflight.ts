import { mkdir, statfs } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { cacheFolder } from "../../adapters/paths.ts";
import { UserError } from "../../domain/errors.ts";
import type { Layout } from "./layout.ts";
import { listenerOn, listenerOwner, readListeners } from "./listeners.ts";

/** True on a machine where this process may run the embedded cluster. */
export function isSupported(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

/** @throws {UserError} `embedded-unsupported` unless this is Linux and the user is root. */
export function refuseUnsupported(): void {
  if (isSupported()) return;
  const found = process.platform === "linux" ? "this is not root" : `this is ${process.platform}`;
  throw new UserError(
    "embedded-unsupported",
    `The embedded cluster runs on Linux as root, and ${found}`,
    "sudo npx slipway cluster up, or with Docker: npx slipway cluster up --driver kind",
  );
}

const neededBytes = 3 * 1024 ** 3;

/** @throws {UserError} `disk-full` when less than 3 GiB are free for state or cache. */
export async function refuseFullDisk(paths: Layout): Promise<void> {
  for (const folder of [paths.folder, cacheFolder]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize >= neededBytes) continue;
    const free = ((bavail * bsize) / 1024 ** 3).toFixed(1);
    throw new UserError(
      "disk-full",
      `${free} GiB are free on the disk of ${folder}, and the cluster needs ${neededBytes / 1024 ** 3} GiB`,
      `df -h ${folder}  # then make room and run the command again`,
    );
  }
}

/** The longest path that a unix socket can have (unix(7)), without the final zero. */
const longestSocketPath = 107;

/** @throws {UserError} `state-path-too-long` when the programs' sockets would not fit. */
export function refuseLongPath(paths: Layout): void {
  // The kubelet names a socket of its own after 25 random characters below its root.
  const longest = `${paths.data}/kubelet/pod-resources/${"x".repeat(25)}`;
  if (longest.length <= longestSocketPath) return;
  throw new UserError(
    "state-path-too-long",
    `Sockets below ${paths.folder} would have paths of more than ${longestSocketPath} bytes`,
    "Set XDG_STATE_HOME to a shorter folder, such as /var/lib, and run the command again",
  );
}

/**
 * Refuses when somebody else listens where a part that does not run yet will listen.
 *
 * @throws {UserError} `port-taken`, naming each address and who holds it.
 */
export async function refuseTakenPorts(targets: readonly string[]): Promise<void> {
  const isEnding = ({ owner }: TakenPort) => owner === undefined;
  let taken = findTaken(targets);
  // A socket without a process is that of one that was killed, until the kernel has cleaned up.
  const end = Date.now() + 5_000;
  while (taken.length > 0 && taken.every(isEnding) && Date.now() < end) {
    await delay(50);
    taken = findTaken(targets);
  }
  if (taken.length > 0) throw portTaken(taken);
}

interface TakenPort {
  readonly target: string;
  readonly owner: { readonly pid: number; readonly name: string } | undefined;
}

function findTaken(targets: readonly string[]): TakenPort[] {
  const listeners = readListeners();
  return targets.flatMap((target) => {
    const listener = listenerOn(target, listeners);
    return listener ? [{ target, owner: listenerOwner(listener) }] : [];
  });
}

function portTaken(taken: readonly TakenPort[]): UserError {
  const lines = taken.map(({ target, owner }) => {
    const holder = owner ? `${owner.name} (pid ${owner.pid})` : "an unknown process";
    return `${target} is taken by ${holder}`;
  });
  const pids = new Set(taken.flatMap(({ owner }) => (owner ? [owner.pid] : [])));
  const look = pids.size > 0 ? `ps -fp ${[...pids].join(",")}` : "ss -ltnp";
  return new UserError(
    "port-taken",
    lines.join("\n"),
    `${look}  # stop what holds the port, then run the command again`,
  );
}
