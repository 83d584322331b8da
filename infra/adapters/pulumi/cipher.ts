import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/**
 * What one passphrase seals and opens, as Pulumi's passphrase secrets provider does: PBKDF2-SHA256
 * with a million rounds makes the key, AES-256-GCM uses it
 * (https://www.pulumi.com/docs/iac/concepts/secrets/).
 */
export interface Cipher {
  /**
   * `v1:<salt>:v1:<nonce>:<ciphertext of "pulumi">`, which the configuration and the state of a
   * stack both carry. No secret: it tells whether a passphrase is the right one.
   */
  readonly salt: string;
  /** `v1:<nonce>:<ciphertext>`, different every time. */
  seal(text: string): string;
  /** The plain text, or undefined when it was not sealed with this cipher. */
  open(sealed: string): string | undefined;
}

/** The cipher of a salt, or undefined when the passphrase is not the right one. */
export async function openCipher(salt: string, passphrase: string): Promise<Cipher | undefined> {
  const [, saltBytes = "", ...check] = salt.split(":");
  const key = await deriveKey(passphrase, Buffer.from(saltBytes, "base64"));
  if (open(key, check.join(":")) === undefined) return undefined;
  return { salt, seal: (text) => seal(key, text), open: (sealed) => open(key, sealed) };
}

/** A new cipher. The same passphrase gives another one every time. */
export async function makeCipher(passphrase: string): Promise<Cipher> {
  const bytes = randomBytes(8);
  const key = await deriveKey(passphrase, bytes);
  return {
    salt: `v1:${bytes.toString("base64")}:${seal(key, "pulumi")}`,
    seal: (text) => seal(key, text),
    open: (sealed) => open(key, sealed),
  };
}

const derive = promisify(pbkdf2);

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return derive(passphrase, salt, 1_000_000, 32, "sha256");
}

function seal(key: Buffer, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const parts = [cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return `v1:${nonce.toString("base64")}:${Buffer.concat(parts).toString("base64")}`;
}

function open(key: Buffer, sealed: string): string | undefined {
  const [, nonce = "", text = ""] = sealed.split(":");
  const bytes = Buffer.from(text, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-16));
    return decipher.update(bytes.subarray(0, -16), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}

/** A salt with its check, or a sealed value: bytes in base64, the nonce has twelve. */
const sealed = /v1:(?:[\w+/=]{12}:v1:)?[\w+/]{16}:[\w+/=]+/g;

/**
 * A text that carries sealed values and their salt, such as the configuration or the state of a
 * stack, with all of them sealed by another cipher. All else stays, to the last byte.
 *
 * @returns undefined when something in it was sealed by neither.
 */
export function reseal(text: string, from: Cipher, to: Cipher): string | undefined {
  let sound = true;
  const resealed = text.replaceAll(sealed, (found) => {
    if (found === from.salt) return to.salt;
    const plain = from.open(found);
    sound &&= plain !== undefined;
    return plain === undefined ? found : to.seal(plain);
  });
  return sound ? resealed : undefined;
}

/** The salt in such a text, or undefined when nothing in it is sealed. */
export function saltIn(text: string): string | undefined {
  return [...text.matchAll(sealed)].map(([found]) => found).find(isSalt);
}

const isSalt = (text: string) => text.split(":").length === 5;
