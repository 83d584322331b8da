import type { KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../adapters/paths.ts";
import { fileDifferences, listFiles } from "../domain/artifact/file-list.ts";
import { parseReference, type Reference } from "../domain/artifact/reference.ts";
import { changed, unpackArtifact } from "../domain/artifact/unpack.ts";
import { UserError } from "../domain/errors.ts";
import { isLayout, readLayout } from "./layout.ts";
import { layoutFolder } from "./pack.ts";
import { fetchPackage } from "./remote.ts";
import { sha256 } from "./sha256.ts";
import { requireSignature } from "./signing.ts";
import { packagesFolder, readSource, shortPath } from "./source.ts";
import { findTarget } from "./target.ts";
import { readUnpacked, type UnpackedFolder } from "./unpacked.ts";

/** What was found sound. */
export interface VerifiedPackage {
  readonly target: string;
  /** `sha256:<64 hex>` of the artifact, where it is known. */
  readonly digest?: string;
  readonly files: number;
  readonly signed: boolean;
}

interface Checked {
  readonly digest?: string;
  readonly files: number;
  /** Where it is in a registry, when that is known. */
  readonly reference?: Reference;
}

/**
 * Verifies that nothing of a package has changed since it was packed: of a package in a registry or
 * an image layout, every byte; of one that was pulled, every file; of one that was made here, that
 * it is still what was built last.
 *
 * @param key who has to have signed it. @default nobody
 * @throws {RefusedError} `package-changed` with every file that has; `not-signed`.
 * @throws {UserError} `not-packed` when there is nothing to compare with; what reading it throws.
 */
export async function verifyPackage(
  target: string,
  key?: KeyObject,
  signal?: AbortSignal,
): Promise<VerifiedPackage> {
  const { reference, ...checked } = await check(target, signal);
  if (key === undefined) return { target, ...checked, signed: false };
  if (reference === undefined || checked.digest === undefined) {
    throw new UserError(
      "no-registry",
      `${target} is in no registry, and signatures are only there`,
      "npx slipway package verify <host/path:version> --key <public key>",
    );
  }
  await requireSignature(reference, checked.digest, key, signal);
  return { target, ...checked, signed: true };
}

async function check(text: string, signal?: AbortSignal): Promise<Checked> {
  const target = findTarget(text);
  if (target.kind === "agent") return checkAgent(target.agent);
  if (target.kind === "folder") return checkFolder(target.folder);
  const { digest, files } = await fetchPackage(target.reference, signal);
  return { digest, files: files.length, reference: target.reference };
}

async function checkAgent(agent: string): Promise<Checked> {
  const folder = `${packagesFolder}/${agent}`;
  const unpacked = await readUnpacked(join(root, folder));
  if (unpacked) return checkUnpacked(folder, unpacked);
  const source = await readSource(agent);
  const built = layoutFolder(agent, source.package.version);
  if (!existsSync(built)) throw notPacked(agent);
  const stored = await readLayout(built);
  const { digest, records, files } = unpackArtifact(shortPath(built), stored, sha256);
  const differences = fileDifferences(records, listFiles(source.files, sha256));
  if (differences.length > 0) {
    throw changed(source.folder, differences, `npx slipway package build ${agent}`);
  }
  return { digest, files: files.length };
}

async function checkFolder(folder: string): Promise<Checked> {
  if (isLayout(folder)) {
    const { digest, files } = unpackArtifact(folder, await readLayout(folder), sha256);
    return { digest, files: files.length };
  }
  const unpacked = await readUnpacked(folder);
  if (unpacked === undefined) throw notPacked(folder);
  return checkUnpacked(folder, unpacked);
}

function checkUnpacked(folder: string, { differences, files, origin }: UnpackedFolder): Checked {
  if (differences.length > 0) {
    const from = origin?.reference ?? "<reference>";
    throw changed(folder, differences, `Pull it again: npx slipway package pull ${from}`);
  }
  if (origin === undefined) return { files: files.length };
  const reference = parseReference(origin.reference);
  return { digest: reference.version, files: files.length, reference };
}

function notPacked(what: string): UserError {
  return new UserError(
    "not-packed",
    `${what} was neither built nor pulled, so there is nothing to compare it with`,
    "npx slipway package build <agent>",
  );
}
