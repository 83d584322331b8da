import { canonicalJson } from "../canonical.ts";
import { UserError } from "../errors.ts";
import type { Dependency, Package } from "../package/package.ts";
import { imageReferencePattern } from "../release/release.ts";
import { checkSchema } from "../text/check.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";
import { fileListName, listFiles, renderFileList, type Sha256 } from "./file-list.ts";
import { byPath } from "./path.ts";
import { type ArchivedFile, archiveLimits, writeTar } from "./tar.ts";

/** What a package's artifact says of itself in a registry. */
export const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  artifact: "application/vnd.slipway.package.v1",
  config: "application/vnd.slipway.package.config.v1+json",
  content: "application/vnd.slipway.package.content.v1.tar",
} as const;

/** No manifest or config of ours is longer, in bytes. */
export const maxMetadataBytes = 256 * 1024;

/** What a manifest points to. @see https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:<64 hex>`. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What can be known of a package without its files. */
export interface ArtifactConfig {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly description?: string;
  readonly kubernetes: string;
  readonly dependencies: readonly Dependency[];
  /** Image by digest that was built from these files, so that nobody has to build it again. */
  readonly image?: string;
}

/** A manifest of a package's artifact. */
export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly artifactType: string;
  readonly config: Descriptor;
  /** The archive alone. */
  readonly layers: readonly [Descriptor];
  readonly annotations: Readonly<Record<string, string>>;
}

/** A package as a registry stores it. */
export interface Artifact {
  readonly config: ArtifactConfig;
  /** `sha256:<64 hex>` of the manifest. */
  readonly digest: string;
  readonly manifest: Manifest;
  /** The same as bytes. */
  readonly manifestBytes: Uint8Array;
  readonly configBytes: Uint8Array;
  /** The archive. */
  readonly content: Uint8Array;
}

const encode = (text: string) => new TextEncoder().encode(text);

/** Puts a package's files and their list into the archive. Equal files give equal bytes. */
export function packFiles(files: readonly ArchivedFile[], sha256: Sha256): Uint8Array {
  const list = encode(renderFileList(listFiles(files, sha256)));
  return writeTar([
    { path: fileListName, executable: false, content: list },
    ...files.toSorted(byPath),
  ]);
}

/** Makes the artifact of a package. It holds no time and no name of a machine. */
export function assembleArtifact(
  pkg: Package,
  content: Uint8Array,
  image: string | undefined,
  sha256: Sha256,
): Artifact {
  const { name, version, appVersion, description, kubernetes, dependencies } = pkg;
  const config: ArtifactConfig = {
    name,
    version,
    appVersion,
    ...(description !== undefined && { description }),
    kubernetes,
    dependencies,
    ...(image !== undefined && { image }),
  };
  const configBytes = encode(canonicalJson(config));
  const digestOf = (bytes: Uint8Array) => `sha256:${sha256(bytes)}`;
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: mediaTypes.artifact,
    config: {
      mediaType: mediaTypes.config,
      digest: digestOf(configBytes),
      size: configBytes.length,
    },
    layers: [
      {
        mediaType: mediaTypes.content,
        digest: digestOf(content),
        size: content.length,
        // The file name that generic tools give it.
        annotations: { "org.opencontainers.image.title": `${name}-${version}.tar` },
      },
    ],
    annotations: {
      "org.opencontainers.image.title": name,
      "org.opencontainers.image.version": version,
      ...(description !== undefined && { "org.opencontainers.image.description": description }),
    },
  };
  const manifestBytes = encode(canonicalJson(manifest));
  return {
    config,
    digest: digestOf(manifestBytes),
    manifest,
    manifestBytes,
    configBytes,
    content,
  };
}

function descriptor(mediaType: string, maxBytes: number): Schema {
  return closed(
    {
      mediaType: { type: "string", enum: [mediaType] },
      digest: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
      size: { type: "integer", minimum: 0, maximum: maxBytes },
      annotations: annotations,
    },
    ["mediaType", "digest", "size"],
  );
}

const annotations: Schema = mapOf({ type: "string" }, { type: "string" });

const manifestSchema = closed(
  {
    schemaVersion: { type: "integer", enum: [2] },
    mediaType: { type: "string", enum: [mediaTypes.manifest] },
    artifactType: { type: "string", enum: [mediaTypes.artifact] },
    config: descriptor(mediaTypes.config, maxMetadataBytes),
    layers: {
      type: "array",
      minItems: 1,
      // Beside the files, the archive holds a header for each of them and their list.
      items: descriptor(mediaTypes.content, 2 * archiveLimits.totalBytes),
    },
    annotations,
  },
  ["schemaVersion", "artifactType", "config", "layers"],
);

const text: Schema = { type: "string", maxLength: 200 };

const configSchema = closed(
  {
    name: text,
    version: text,
    appVersion: text,
    description: text,
    kubernetes: text,
    dependencies: {
      type: "array",
      items: closed({ name: text, version: text, repository: text }, ["name", "version"]),
    },
    image: { type: "string", pattern: imageReferencePattern },
  },
  ["name", "version", "appVersion", "kubernetes", "dependencies"],
);

/** Reads the manifest of an artifact. @throws {UserError} `no-package-artifact` when it is another. */
export function parseManifest(reference: string, bytes: Uint8Array): Manifest {
  const manifest = parse<Manifest>(reference, bytes, manifestSchema);
  if (manifest.layers.length === 1) return manifest;
  throw notAPackage(reference, `it has ${manifest.layers.length} layers`);
}

/** Reads the config of an artifact. @throws {UserError} `no-package-artifact` when it is another. */
export function parseConfig(reference: string, bytes: Uint8Array): ArtifactConfig {
  return parse<ArtifactConfig>(reference, bytes, configSchema);
}

function parse<T>(reference: string, bytes: Uint8Array, schema: Schema): T {
  const value = parseJson(bytes);
  const [violation] = checkSchema(schema, value);
  if (violation === undefined) return value as T;
  throw notAPackage(reference, violation.message);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function notAPackage(reference: string, why: string): UserError {
  return new UserError(
    "no-package-artifact",
    `${reference} is not a package of Slipway: ${why}`,
    "Name one that package push has printed",
  );
}
