import { rm } from "node:fs/promises";
import { join } from "node:path";
import satisfies from "semver/functions/satisfies.js";
import valid from "semver/functions/valid.js";
import maxSatisfying from "semver/ranges/max-satisfying.js";
import { writeAtomically } from "../adapters/files.ts";
import { root } from "../adapters/paths.ts";
import { openRepository } from "../adapters/registry-blobs.ts";
import { mediaTypes, packFiles } from "../domain/artifact/artifact.ts";
import {
  type LockedDependency,
  lockDifferences,
  lockFileName,
  parseLock,
  renderLock,
} from "../domain/artifact/dependency-lock.ts";
import { parseRepository, tagOf } from "../domain/artifact/reference.ts";
import { RefusedError, UserError } from "../domain/errors.ts";
import type { Dependency } from "../domain/package/package.ts";
import { sha256 } from "./sha256.ts";
import { listAgents, lockText, type PackageSource, packagesFolder, readSource } from "./source.ts";

/** What locking a package came to. */
export interface LockedPackage {
  readonly agent: string;
  readonly dependencies: readonly LockedDependency[];
  readonly changed: boolean;
}

/**
 * Resolves what an agent's package depends on and writes its lock file; a package that depends on
 * nothing has none.
 *
 * @param frozen changes nothing, and resolves no version that is locked already
 * @throws {RefusedError} `lock-stale` when frozen and the lock is not what `package.yaml` asks for,
 * or what it names has changed.
 * @throws {UserError} `no-version` when no version is in the range; `registry-unreachable`.
 */
export async function lockPackage(
  agent: string,
  frozen: boolean,
  signal?: AbortSignal,
): Promise<LockedPackage> {
  const source = await readSource(agent);
  const locked = lockedBy(source);
  if (frozen) {
    await refuseStaleLock(source);
    for (const dependency of locked) await refuseMoved(agent, dependency, signal);
    return { agent, dependencies: locked, changed: false };
  }
  await refuseCircle(agent, [agent]);
  const dependencies: LockedDependency[] = [];
  for (const dependency of source.package.dependencies) {
    dependencies.push(await resolve(dependency, signal));
  }
  const text = renderLock(dependencies);
  const changed = dependencies.length === 0 ? locked.length > 0 : text !== lockText(source.files);
  if (changed) await writeLock(join(root, source.folder, lockFileName), dependencies, text);
  return { agent, dependencies, changed };
}

/** Locks every package of the checkout. @throws what `lockPackage` throws. */
export async function lockAll(
  frozen: boolean,
  signal?: AbortSignal,
): Promise<readonly LockedPackage[]> {
  const locked: LockedPackage[] = [];
  for (const agent of await listAgents()) locked.push(await lockPackage(agent, frozen, signal));
  return locked;
}

/** The lock of each package would have to hold the digest of the other's lock. */
async function refuseCircle(agent: string, path: readonly string[]): Promise<void> {
  const { dependencies } = (await readSource(agent)).package;
  for (const { name, repository } of dependencies) {
    if (repository !== undefined) continue;
    const next = [...path, name];
    if (path.includes(name)) {
      const message = `Packages need each other in a circle: ${next.join(" needs ")}`;
      throw new UserError("circular-dependency", message, "Remove one of the dependencies");
    }
    await refuseCircle(name, next);
  }
}

async function writeLock(file: string, dependencies: readonly LockedDependency[], text: string) {
  if (dependencies.length === 0) await rm(file);
  else await writeAtomically(file, text, 0o644);
}

/** What a package's own lock file says. @throws {UserError} `invalid-input` when it is unsound. */
export function lockedBy({ folder, files }: Pick<PackageSource, "folder" | "files">) {
  const text = lockText(files);
  return text === undefined ? [] : parseLock(`${folder}/${lockFileName}`, text);
}

/**
 * Refuses a package whose lock is not what its `package.yaml` asks for, or that was locked with
 * other files of a package beside it. Asks no registry.
 *
 * @throws {RefusedError} `lock-stale`.
 */
export async function refuseStaleLock(source: PackageSource): Promise<void> {
  const { name, dependencies } = source.package;
  const locked = lockedBy(source);
  const differences = [...lockDifferences(dependencies, locked)];
  if (differences.length === 0) {
    for (const dependency of locked.filter(({ repository }) => repository === undefined)) {
      const { digest } = await resolveBeside(dependency);
      if (digest === dependency.digest) continue;
      differences.push(`${packagesFolder}/${dependency.name} has changed since it was locked`);
    }
  }
  if (differences.length > 0) throw stale(name, differences);
}

/** A tag that was moved, or a version that is gone. */
async function refuseMoved(
  agent: string,
  { name, version, repository, digest }: LockedDependency,
  signal?: AbortSignal,
): Promise<void> {
  if (repository === undefined) return;
  const access = openRepository(parseRepository(repository), signal);
  const found = await access.manifest(tagOf(version), mediaTypes.manifest);
  if (found?.digest === digest) return;
  const now = found ? `now ${found.digest}` : "no longer there";
  throw stale(agent, [`${name} ${version} was locked as ${digest} and is ${now}`]);
}

function stale(agent: string, differences: readonly string[]): RefusedError {
  const lines = differences.map((line) => `\n  ${line}`).join("");
  const message = `The dependencies of ${agent} are not as ${lockFileName} says:${lines}`;
  return new RefusedError("lock-stale", message, `npx slipway package lock ${agent}`);
}

async function resolve(wanted: Dependency, signal?: AbortSignal): Promise<LockedDependency> {
  const { name, version, repository } = wanted;
  if (repository !== undefined) return resolveRemote({ name, version, repository }, signal);
  const found = await resolveBeside(wanted);
  if (satisfies(found.version, version)) return found;
  throw noVersion(wanted, `${packagesFolder}/${name} is ${found.version}`);
}

async function resolveBeside({ name }: Pick<Dependency, "name">): Promise<LockedDependency> {
  const { package: beside, files } = await readSource(name);
  return { name, version: beside.version, digest: `sha256:${sha256(packFiles(files, sha256))}` };
}

async function resolveRemote(
  wanted: Required<Dependency>,
  signal?: AbortSignal,
): Promise<LockedDependency> {
  const { name, repository } = wanted;
  const access = openRepository(parseRepository(repository), signal);
  const tags = (await access.tags()).map((tag) => tag.replaceAll("_", "+"));
  // Only what a package's version can be: semver itself also takes v1.0.0.
  const versions = tags.filter((tag) => /^\d/.test(tag) && valid(tag));
  const version = maxSatisfying(versions, wanted.version);
  const found = version && (await access.manifest(tagOf(version), mediaTypes.manifest));
  if (found) return { name, version, repository, digest: found.digest };
  throw noVersion(wanted, `${repository} has ${versions.join(", ") || "none"}`);
}

function noVersion({ name, version }: Dependency, found: string): UserError {
  return new UserError(
    "no-version",
    `No version of ${name} is in "${version}": ${found}`,
    `Push one: npx slipway package push ${name}`,
  );
}
