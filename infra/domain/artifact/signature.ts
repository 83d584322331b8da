import { canonicalJson } from "../canonical.ts";
import { checkSchema } from "../text/check.ts";
import { closed, type Schema } from "../text/schema.ts";
import { type Descriptor, mediaTypes } from "./artifact.ts";
import type { Sha256 } from "./file-list.ts";
import { readJson } from "./json.ts";
import type { RepositoryName } from "./reference.ts";

/**
 * Signatures as cosign stores them beside an image: a manifest whose layers are what was signed.
 *
 * @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
 */

const payloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const signatureKey = "dev.cosignproject.cosign/signature";

/** No payload is longer, in bytes. */
export const maxPayloadBytes = 64 * 1024;

/** One signature: what was signed, and the signature in base64. */
export interface Signature {
  readonly payload: Descriptor;
  readonly signature: string;
}

/** The tag under which the signatures of an artifact are. */
export function signatureTag(digest: string): string {
  return `${digest.replace(":", "-")}.sig`;
}

/** What is signed: the artifact's digest, and where it was pushed. */
export function signaturePayload({ host, repository }: RepositoryName, digest: string): string {
  return canonicalJson({
    critical: {
      identity: { "docker-reference": `${host}/${repository}` },
      image: { "docker-manifest-digest": digest },
      type: "cosign container image signature",
    },
    optional: null,
  });
}

/** The digest that a payload speaks of, or undefined when it is none. */
export function signedDigest(payload: string): string | undefined {
  const signed = readJson(payload) as
    | { critical?: { image?: Record<string, unknown> } }
    | undefined;
  const digest = signed?.critical?.image?.["docker-manifest-digest"];
  return typeof digest === "string" ? digest : undefined;
}

/** The config and manifest of an artifact's signatures, as texts. */
export function signatureManifest(signatures: readonly Signature[], sha256: Sha256) {
  const layers = signatures.map(({ payload, signature }) => ({
    ...payload,
    annotations: { [signatureKey]: signature },
  }));
  const config = canonicalJson({
    architecture: "",
    config: {},
    os: "",
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  });
  const bytes = new TextEncoder().encode(config);
  const digest = `sha256:${sha256(bytes)}`;
  const manifest = canonicalJson({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: configType, digest, size: bytes.length },
    layers,
  });
  return { config, manifest };
}

/** Describes a payload by its bytes. */
export function describePayload(payload: Uint8Array, sha256: Sha256): Descriptor {
  const digest = `sha256:${sha256(payload)}`;
  return { mediaType: payloadType, digest, size: payload.length };
}

const layer: Schema = {
  ...closed({
    mediaType: { type: "string", enum: [payloadType] },
    digest: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
    size: { type: "integer", minimum: 0, maximum: maxPayloadBytes },
    annotations: {
      type: "object",
      properties: { [signatureKey]: { type: "string", maxLength: 4096 } },
      required: [signatureKey],
    },
  }),
};

const manifestSchema: Schema = {
  type: "object",
  properties: { layers: { type: "array", items: layer } },
  required: ["layers"],
};

/** The signatures that a manifest names; none when it is no manifest of signatures. */
export function parseSignatures(manifest: string): readonly Signature[] {
  const value = readJson(manifest);
  if (checkSchema(manifestSchema, value).length > 0) return [];
  const { layers } = value as { layers: readonly Required<Descriptor>[] };
  return layers.map(({ mediaType, digest, size, annotations }) => ({
    payload: { mediaType, digest, size },
    signature: annotations[signatureKey] ?? "",
  }));
}
