import { canonicalJson } from "../canonical.ts";
import type { Dependency, Package } from "../package/package.ts";
import { fileListName, listFiles, renderFileList, type Sha256 } from "./file-list.ts";
import { byPath } from "./path.ts";
import { type ArchivedFile, writeTar } from "./tar.ts";

/** What a package's artifact says of itself in a registry. */
export const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  artifact: "application/vnd.slipway.package.v1",
  config: "application/vnd.slipway.package.config.v1+json",
  content: "application/vnd.slipway.package.content.v1.tar",
} as const;

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
