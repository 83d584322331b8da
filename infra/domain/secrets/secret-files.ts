import { secretShape } from "./naming.ts";

const names = [
  /^\.env(\..+)?$/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)$/,
  /^\.(netrc|pypirc|npmrc|git-credentials|pgpass|htpasswd)$/,
  /^(kubeconfig|credentials(\.json)?|service[-_]account.*\.json)$/,
];

const examples = /\.(example|sample|template)$/;

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** What stands around a value in a line of a setting, a program or a document. */
const separators = /[\s"'`,;=<>()[\]{}|\\]+/;

/** No credential is longer, and few lines of text are. */
const maxLineLength = 20_000;

/** Something in a file that looks like a secret. Never the secret itself. */
export interface SecretFinding {
  /** Counts from 1. Absent when the file's name alone tells. */
  readonly line?: number;
  readonly message: string;
}

/**
 * Why a file looks like it holds a secret, or undefined when it does not. Whatever enters a build
 * context can end up in a layer, where everybody who may pull the image can read it.
 *
 * @param name the file's own name, without folders
 */
export function secretIn(name: string, content: Uint8Array): string | undefined {
  if (isSecretFile(name)) return "looks by its name like a secret, and an image keeps no secret";
  if (privateKey.test(latin1(content))) return "holds a private key, and an image keeps no secret";
  return undefined;
}

/**
 * Everything in a file that looks like a secret: its name, a private key, and whatever has the shape
 * of a well-known credential, line by line.
 *
 * @param name the file's own name, without folders
 */
export function findSecrets(name: string, content: Uint8Array): readonly SecretFinding[] {
  if (isSecretFile(name)) return [{ message: "looks by its name like a secret" }];
  return latin1(content)
    .split("\n")
    .flatMap((text, index) => {
      const found = lineSecret(text);
      return found === undefined ? [] : [{ line: index + 1, message: `holds ${found}` }];
    });
}

function isSecretFile(name: string): boolean {
  const lower = name.toLowerCase();
  return !examples.test(lower) && names.some((pattern) => pattern.test(lower));
}

function lineSecret(line: string): string | undefined {
  if (privateKey.test(line)) return "a private key";
  const words = line.slice(0, maxLineLength).split(separators);
  return words.map(secretShape).find((shape) => shape !== undefined);
}

/** Any bytes as text, one character a byte. */
function latin1(content: Uint8Array): string {
  return new TextDecoder("latin1").decode(content);
}
