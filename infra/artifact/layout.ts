import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists } from "../adapters/files.ts";
import { type Artifact, mediaTypes } from "../domain/artifact/artifact.ts";
import { readJson } from "../domain/artifact/json.ts";
import { parseManifest } from "../domain/artifact/manifest.ts";
import { tagOf } from "../domain/artifact/reference.ts";
import type { StoredArtifact } from "../domain/artifact/unpack.ts";
import { UserError } from "../domain/errors.ts";
import { replaceFolder } from "./folder.ts";

const marker = "oci-layout";

/**
 * Writes an artifact as an OCI image layout, which other tools read too, in place of what the folder
 * holds. The same artifact gives the same bytes.
 *
 * @throws {UserError} `not-a-layout` when the folder holds something else.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function writeLayout(folder: string, artifact: Artifact): Promise<void> {
  if (existsSync(folder) && !isLayout(folder)) {
    const message = `${folder} exists and is no package that was built`;
    throw new UserError("not-a-layout", message, "Name a folder that does not exist yet");
  }
  const { manifest, manifestBytes, configBytes, content, digest, config } = artifact;
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      {
        mediaType: mediaTypes.manifest,
        artifactType: mediaTypes.artifact,
        digest,
        size: manifestBytes.length,
        annotations: { "org.opencontainers.image.ref.name": tagOf(config.version) },
      },
    ],
  };
  await replaceFolder(folder, [
    { path: marker, content: JSON.stringify({ imageLayoutVersion: "1.0.0" }) },
    { path: "index.json", content: JSON.stringify(index) },
    { path: blobPath(digest), content: manifestBytes },
    { path: blobPath(manifest.config.digest), content: configBytes },
    { path: blobPath(manifest.layers[0].digest), content },
  ]);
}

/** Whether a folder is an OCI image layout. */
export function isLayout(folder: string): boolean {
  return existsSync(join(folder, marker));
}

/**
 * Reads the artifact out of an OCI image layout, believing nothing of it.
 *
 * @throws {UserError} `not-a-layout` when it holds no artifact of ours or not all of one.
 */
export async function readLayout(folder: string): Promise<StoredArtifact> {
  const index = readJson((await readIfExists(join(folder, "index.json"))) ?? "");
  const { manifests } = (index ?? {}) as { manifests?: { digest?: unknown }[] };
  const digest = Array.isArray(manifests) ? manifests[0]?.digest : undefined;
  if (typeof digest !== "string") throw incomplete(folder);
  const manifest = await readBlob(folder, digest);
  const { config, layers } = parseManifest(folder, manifest);
  return {
    digest,
    manifest,
    config: await readBlob(folder, config.digest),
    content: await readBlob(folder, layers[0].digest),
  };
}

async function readBlob(folder: string, digest: string): Promise<Uint8Array> {
  const path = join(folder, blobPath(digest));
  if (/^sha256:[0-9a-f]{64}$/.test(digest) && existsSync(path)) return readFile(path);
  throw incomplete(folder);
}

function incomplete(folder: string): UserError {
  return new UserError(
    "not-a-layout",
    `${folder} does not hold all of a package`,
    "npx slipway package build <agent>",
  );
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}
