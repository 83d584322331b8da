import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { readIfExists } from "../adapters/files.ts";
import { openRepository, type RepositoryAccess } from "../adapters/registry-blobs.ts";
import { mediaTypes } from "../domain/artifact/artifact.ts";
import type { RepositoryName } from "../domain/artifact/reference.ts";
import {
  describePayload,
  maxPayloadBytes,
  parseSignatures,
  type Signature,
  signatureManifest,
  signaturePayload,
  signatureTag,
  signedDigest,
} from "../domain/artifact/signature.ts";
import { RefusedError, UserError } from "../domain/errors.ts";
import { sha256 } from "./sha256.ts";

/**
 * Reads a private key for signing: an EC key on P-256 in PEM that no passphrase protects.
 *
 * @throws {UserError} `bad-key`.
 */
export async function readSigningKey(file: string): Promise<KeyObject> {
  const key = await readKey(file, "private", createPrivateKey);
  if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  throw badKey(file, "is no EC key on the curve P-256");
}

/** Reads a public EC or RSA key in PEM. @throws {UserError} `bad-key`. */
export async function readPublicKey(file: string): Promise<KeyObject> {
  const key = await readKey(file, "public", createPublicKey);
  if (["ec", "rsa"].includes(key.asymmetricKeyType ?? "")) return key;
  throw badKey(file, "is no EC or RSA key");
}

async function readKey(file: string, kind: string, create: (pem: string) => KeyObject) {
  const pem = await readIfExists(file);
  if (pem === undefined) throw badKey(file, "does not exist");
  try {
    return create(pem);
  } catch {
    throw badKey(file, `holds no ${kind} key in PEM that can be read without a passphrase`);
  }
}

function badKey(file: string, what: string): UserError {
  return new UserError(
    "bad-key",
    `${file} ${what}`,
    "Make one: openssl ecparam -name prime256v1 -genkey -noout -out package.key",
  );
}

/** Signs an artifact that is in a registry, unless this key has signed it already. */
export async function signArtifact(
  name: RepositoryName,
  digest: string,
  key: KeyObject,
  signal?: AbortSignal,
): Promise<void> {
  const repository = openRepository(name, signal);
  const present = await readSignatures(repository, digest);
  const publicKey = createPublicKey(key);
  for (const signature of present) {
    if (await isValid(repository, signature, digest, publicKey)) return;
  }
  const payload = Buffer.from(signaturePayload(name, digest));
  const own: Signature = {
    payload: describePayload(payload, sha256),
    signature: sign("sha256", payload, key).toString("base64"),
  };
  const { config, manifest } = signatureManifest([...present, own], sha256);
  const configBytes = Buffer.from(config);
  await repository.putBlob({ digest: own.payload.digest, bytes: payload });
  await repository.putBlob({ digest: `sha256:${sha256(configBytes)}`, bytes: configBytes });
  await repository.putManifest(signatureTag(digest), mediaTypes.manifest, Buffer.from(manifest));
}

/**
 * Requires that the owner of a key has signed an artifact.
 *
 * @throws {RefusedError} `not-signed` when none of its signatures is this key's.
 */
export async function requireSignature(
  name: RepositoryName,
  digest: string,
  key: KeyObject,
  signal?: AbortSignal,
): Promise<void> {
  const repository = openRepository(name, signal);
  const signatures = await readSignatures(repository, digest);
  for (const signature of signatures) {
    if (await isValid(repository, signature, digest, key)) return;
  }
  const found = signatures.length === 0 ? "has no signature" : "is signed, but not by this key";
  throw new RefusedError(
    "not-signed",
    `${name.host}/${name.repository}@${digest} ${found}`,
    "Ask who published it, or sign it: npx slipway package push <agent> --sign <private key>",
  );
}

async function readSignatures(
  repository: RepositoryAccess,
  digest: string,
): Promise<readonly Signature[]> {
  const found = await repository.manifest(signatureTag(digest), mediaTypes.manifest);
  return found === undefined ? [] : parseSignatures(Buffer.from(found.bytes).toString());
}

async function isValid(
  repository: RepositoryAccess,
  { payload, signature }: Signature,
  digest: string,
  key: KeyObject,
): Promise<boolean> {
  const { bytes } = await repository.blob(payload.digest, maxPayloadBytes);
  const isSigned = verify("sha256", bytes, key, Buffer.from(signature, "base64"));
  return isSigned && signedDigest(Buffer.from(bytes).toString()) === digest;
}
