import { openRepository } from "../adapters/registry-blobs.ts";
import { type Artifact, mediaTypes } from "../domain/artifact/artifact.ts";
import { parseManifest } from "../domain/artifact/manifest.ts";
import { type Reference, type RepositoryName, tagOf } from "../domain/artifact/reference.ts";
import { type UnpackedPackage, unpackArtifact } from "../domain/artifact/unpack.ts";
import { RefusedError, UserError } from "../domain/errors.ts";
import { sha256 } from "./sha256.ts";

/** What a push came to. */
export interface PushedPackage {
  /** `host/path@sha256:<64 hex>`. */
  readonly reference: string;
  /** False when the registry already had these very bytes under this version. */
  readonly changed: boolean;
}

/**
 * Uploads an artifact and tags it with its version. A version means the same bytes for ever.
 *
 * @throws {RefusedError} `version-taken` when the version is there with other content.
 * @throws {UserError} `registry-unreachable`.
 */
export async function pushArtifact(
  artifact: Artifact,
  name: RepositoryName,
  signal?: AbortSignal,
): Promise<PushedPackage> {
  const { digest, manifest, manifestBytes, configBytes, content, config } = artifact;
  const repository = openRepository(name, signal);
  const tag = tagOf(config.version);
  const place = `${name.host}/${name.repository}`;
  const present = await repository.manifest(tag, mediaTypes.manifest);
  if (present?.digest === digest) return { reference: `${place}@${digest}`, changed: false };
  if (present !== undefined) {
    throw new RefusedError(
      "version-taken",
      `${place}:${tag} is ${present.digest} already, and this content is ${digest}`,
      `Raise "version" in infra/packages/${config.name}/package.yaml, then push again`,
    );
  }
  await repository.putBlob({ digest: manifest.config.digest, bytes: configBytes });
  await repository.putBlob({ digest: manifest.layers[0].digest, bytes: content });
  await repository.putManifest(tag, mediaTypes.manifest, manifestBytes);
  return { reference: `${place}@${digest}`, changed: true };
}

/**
 * Downloads a package and verifies every byte of it.
 *
 * @throws {UserError} `package-not-found`; `registry-unreachable`; what `unpackArtifact` throws.
 */
export async function fetchPackage(
  { host, repository: path, version }: Reference,
  signal?: AbortSignal,
): Promise<UnpackedPackage> {
  const isDigest = version.startsWith("sha256:");
  const name = `${host}/${path}${isDigest ? "@" : ":"}${version}`;
  const repository = openRepository({ host, repository: path }, signal);
  const manifest = await repository.manifest(version, mediaTypes.manifest);
  if (manifest === undefined) {
    const tags = await repository.tags();
    const hint =
      tags.length > 0
        ? `choose one of: ${tags.slice(-10).join(", ")}`
        : "Push one: npx slipway package push <agent> <host/path>";
    throw new UserError("package-not-found", `There is no ${name}`, hint);
  }
  const { config, layers } = parseManifest(name, manifest.bytes);
  const [configBlob, content] = await Promise.all([
    repository.blob(config.digest, config.size),
    repository.blob(layers[0].digest, layers[0].size),
  ]);
  return unpackArtifact(
    name,
    {
      digest: isDigest ? version : manifest.digest,
      manifest: manifest.bytes,
      config: configBlob.bytes,
      content: content.bytes,
    },
    sha256,
  );
}
