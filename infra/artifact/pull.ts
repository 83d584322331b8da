import type { KeyObject } from "node:crypto";
import { join, resolve } from "node:path";
import { readIfExists, writeAtomically } from "../adapters/files.ts";
import { root } from "../adapters/paths.ts";
import { releaseFile, releaseImage } from "../adapters/releases.ts";
import type { Report } from "../adapters/report.ts";
import { parseReference, type Reference, tagOf } from "../domain/artifact/reference.ts";
import type { UnpackedPackage } from "../domain/artifact/unpack.ts";
import { RefusedError, UserError } from "../domain/errors.ts";
import { environmentNamed, parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { lockedBy } from "./lock.ts";
import { fetchPackage } from "./remote.ts";
import { requireSignature } from "./signing.ts";
import { packagesFolder, shortPath } from "./source.ts";
import { localChanges, readUnpacked, unpackInto } from "./unpacked.ts";

/** What to pull, and where to put it. */
export interface PullOptions {
  /** `host/path:version` or `host/path@sha256:...`. */
  readonly reference: string;
  /** Folder that gets a folder of each package's name. @default infra/packages */
  readonly output?: string;
  /** Environment that is to run it. @default none */
  readonly to?: string;
  /** Who has to have signed it. The digests of what it depends on are in what is signed. @default nobody */
  readonly key?: KeyObject;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/** One package that was pulled. */
export interface PulledPackage {
  readonly name: string;
  readonly version: string;
  /** `host/path@sha256:<64 hex>`. */
  readonly reference: string;
  /** From the root of the checkout when it is inside. */
  readonly folder: string;
  /** False when it was there already. */
  readonly changed: boolean;
  /** The release that now names its image. */
  readonly release?: string;
}

interface Fetched {
  readonly from: Reference;
  readonly pkg: UnpackedPackage;
}

/**
 * Pulls a package and what it depends on. Every byte of all of them is verified before the first
 * file is written.
 *
 * @throws {RefusedError} `package-changed`; `not-signed`; `local-changes` when a folder in the way
 * was changed since it was pulled, or was not pulled; `dependency-conflict`.
 * @throws {UserError} what `fetchPackage` throws; `unknown-environment`; `no-image`.
 */
export async function pullPackage(options: PullOptions): Promise<readonly PulledPackage[]> {
  const { to, key, signal } = options;
  if (to !== undefined) await refuseUnknown(to);
  const from = parseReference(options.reference);
  const first = { from, pkg: await fetchPackage(from, signal) };
  if (key) await requireSignature(from, first.pkg.digest, key, signal);
  const all = await withDependencies(first, options);
  if (to !== undefined) refuseWithoutImage(all);
  const parent = resolve(options.output ?? join(root, packagesFolder));
  await refuseLocalChanges(all, parent);
  const pulled: PulledPackage[] = [];
  for (const one of all) pulled.push(await place(one, parent, to));
  return pulled;
}

/** The package first, then what it depends on, each once. */
async function withDependencies(
  first: Fetched,
  { report, signal }: PullOptions,
): Promise<readonly Fetched[]> {
  const found = new Map([[first.pkg.config.name, first]]);
  // Those that are added on the way are visited too.
  for (const { from, pkg } of found.values()) {
    const { name } = pkg.config;
    for (const { digest, ...wanted } of lockedBy({ folder: name, files: pkg.files })) {
      const known = found.get(wanted.name);
      const isBeside = wanted.repository === undefined;
      const one = known ?? (await fetchDependency(from, { digest, ...wanted }, signal));
      const actual = isBeside ? one.pkg.contentDigest : one.pkg.digest;
      if (actual !== digest || one.pkg.config.name !== wanted.name) {
        throw conflict(name, wanted.name, digest, actual);
      }
      if (!known) report(`${name} needs ${wanted.name} ${one.pkg.config.version}`);
      found.set(wanted.name, one);
    }
  }
  return [...found.values()];
}

type Locked = ReturnType<typeof lockedBy>[number];

async function fetchDependency(
  { host, repository: path }: Reference,
  { name, version, repository, digest }: Locked,
  signal?: AbortSignal,
): Promise<Fetched> {
  // What lay beside a package when it was pushed lies beside it in the registry too.
  const beside = `${host}/${path.replace(/[^/]+$/, name)}:${tagOf(version)}`;
  const from = parseReference(repository === undefined ? beside : `${repository}@${digest}`);
  return { from, pkg: await fetchPackage(from, signal) };
}

function conflict(agent: string, name: string, wanted: string, found: string): RefusedError {
  return new RefusedError(
    "dependency-conflict",
    `${agent} was locked with ${name} as ${wanted}, but it is ${found}`,
    `Whoever publishes ${agent} runs: npx slipway package lock ${agent}`,
  );
}

async function refuseUnknown(environment: string): Promise<void> {
  const text = (await readIfExists(join(root, pipelineFile))) ?? "";
  environmentNamed(parsePipeline(pipelineFile, text), environment);
}

function refuseWithoutImage(all: readonly Fetched[]): void {
  const names = all.flatMap(({ pkg: { config } }) => (config.image ? [] : [config.name]));
  if (names.length === 0) return;
  throw new UserError(
    "no-image",
    `No image was packed with ${names.join(" and ")}`,
    `Pull without --to, then: npx slipway build ${names[0]}`,
  );
}

async function refuseLocalChanges(all: readonly Fetched[], parent: string): Promise<void> {
  const changes = await Promise.all(
    all.map(async ({ pkg: { config } }) => {
      const folder = join(parent, config.name);
      return (await localChanges(folder)).map((line) => `\n  ${shortPath(folder)}: ${line}`);
    }),
  );
  const lines = changes.flat();
  if (lines.length === 0) return;
  throw new RefusedError(
    "local-changes",
    `Pulling would overwrite what is only here:${lines.join("")}`,
    "Move the folder away, or pull elsewhere: npx slipway package pull <reference> --output <folder>",
  );
}

async function place({ from, pkg }: Fetched, parent: string, to?: string): Promise<PulledPackage> {
  const { name, version, image } = pkg.config;
  const folder = join(parent, name);
  const reference = `${from.host}/${from.repository}@${pkg.digest}`;
  const isPresent = (await readUnpacked(folder))?.origin?.reference === reference;
  if (!isPresent) await unpackInto(folder, pkg, reference);
  const result = { name, version, reference, folder: shortPath(folder), changed: !isPresent };
  if (to === undefined || image === undefined) return result;
  await releaseImage(to, name, image);
  const values = join(root, `stacks/${to}/${name}/values.yaml`);
  if ((await readIfExists(values)) === undefined) await writeAtomically(values, "", 0o644);
  return { ...result, release: releaseFile(to, name) };
}
