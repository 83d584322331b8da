import { RefusedError, UserError } from "../errors.ts";
import type { Package } from "../package/package.ts";
import { parsePackage } from "../package/parse.ts";
import type { ArtifactConfig, Descriptor } from "./artifact.ts";
import {
  type FileRecord,
  fileDifferences,
  fileListName,
  listFiles,
  parseFileList,
  type Sha256,
} from "./file-list.ts";
import { parseConfig, parseManifest } from "./manifest.ts";
import { type ArchivedFile, readTar } from "./tar.ts";

/** What was stored of an artifact, before anything of it is believed. */
export interface StoredArtifact {
  /** `sha256:<64 hex>` that the manifest is to have. */
  readonly digest: string;
  readonly manifest: Uint8Array;
  readonly config: Uint8Array;
  readonly content: Uint8Array;
}

/** A package out of an artifact, every byte of it as the manifest says. */
export interface UnpackedPackage {
  /** `sha256:<64 hex>` of the manifest. */
  readonly digest: string;
  /** `sha256:<64 hex>` of the archive. */
  readonly contentDigest: string;
  readonly config: ArtifactConfig;
  readonly package: Package;
  /** Without their list. */
  readonly files: readonly ArchivedFile[];
  readonly records: readonly FileRecord[];
}

/**
 * Checks an artifact against its digest and its manifest, each file against the list of files, and the config
 * against `package.yaml`.
 *
 * @param reference what to call it in errors
 * @throws {RefusedError} `package-changed` with every file that is not as it was packed.
 * @throws {UserError} `no-package-artifact`, `bad-archive`, or `invalid-input` for its `package.yaml`.
 */
export function unpackArtifact(
  reference: string,
  stored: StoredArtifact,
  sha256: Sha256,
): UnpackedPackage {
  const digest = `sha256:${sha256(stored.manifest)}`;
  if (digest !== stored.digest) throw changed(reference, [`its manifest has the digest ${digest}`]);
  const manifest = parseManifest(reference, stored.manifest);
  const [layer] = manifest.layers;
  if (!hasDigest(manifest.config, stored.config, sha256)) {
    throw changed(reference, ["its config is not the one of its manifest"]);
  }
  const config = parseConfig(reference, stored.config);
  if (!hasDigest(layer, stored.content, sha256)) {
    throw changed(reference, damage(stored.content, sha256));
  }
  const { files, records, differences } = unpackFiles(stored.content, sha256);
  if (differences.length > 0) throw changed(reference, differences);
  return {
    digest,
    contentDigest: layer.digest,
    config,
    package: ownPackage(reference, files, config),
    files,
    records,
  };
}

/**
 * An error that names everything in which a package is not as it was packed.
 *
 * @param hint the next command to type
 */
export function changed(
  reference: string,
  differences: readonly string[],
  hint = "Do not use it; ask who published it for the digest that it should have",
): RefusedError {
  const lines = differences.map((line) => `\n  ${line}`).join("");
  return new RefusedError("package-changed", `${reference} is not as it was packed:${lines}`, hint);
}

function hasDigest({ digest, size }: Descriptor, bytes: Uint8Array, sha256: Sha256): boolean {
  return bytes.length === size && digest === `sha256:${sha256(bytes)}`;
}

/** What is wrong with an archive that is known to be wrong, file by file as far as it can be read. */
function damage(content: Uint8Array, sha256: Sha256): readonly string[] {
  try {
    const { differences } = unpackFiles(content, sha256);
    return differences.length > 0 ? differences : ["its archive is not the one of its manifest"];
  } catch (error) {
    if (error instanceof UserError) return [error.message];
    throw error;
  }
}

function unpackFiles(content: Uint8Array, sha256: Sha256) {
  const [list, ...files] = readTar(content);
  if (list?.path !== fileListName) {
    throw new UserError("bad-archive", `The package's archive does not start with ${fileListName}`);
  }
  const records = parseFileList(new TextDecoder().decode(list.content));
  return { files, records, differences: fileDifferences(records, listFiles(files, sha256)) };
}

function ownPackage(
  reference: string,
  files: readonly ArchivedFile[],
  { name, version }: ArtifactConfig,
): Package {
  const file = files.find(({ path }) => path === "package.yaml");
  if (file === undefined) throw changed(reference, ["package.yaml is missing"]);
  const text = new TextDecoder().decode(file.content);
  const pkg = parsePackage(`${reference} package.yaml`, text);
  if (pkg.name === name && pkg.version === version) return pkg;
  const message = `package.yaml is of ${pkg.name} ${pkg.version}, its config of ${name} ${version}`;
  throw changed(reference, [message]);
}
