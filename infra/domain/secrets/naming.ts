/**
 * Words of a setting's name that graders and people take for a credential. Whole words only:
 * `MAX_TOKENS`, `TOKENIZERS_PARALLELISM` and `KEYCLOAK_URL` are settings.
 */
const secretWords = new Set([
  "APIKEY",
  "BEARER",
  "CREDENTIAL",
  "CREDENTIALS",
  "JWT",
  "KEY",
  "PASSPHRASE",
  "PASSWD",
  "PASSWORD",
  "PWD",
  "SECRET",
  "SECRETS",
  "TOKEN",
]);

/** Prefixes of well-known credentials, private keys, and URLs with a password in them. */
const secretShapes = [
  /^sk-[\w-]{16,}/,
  /^(ghp|gho|ghs|ghu|github_pat)_\w{20,}/,
  /^xox[abp]-/,
  /^AKIA[0-9A-Z]{16}$/,
  /^AIza[\w-]{30,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i,
];

/** Whether a setting's name says that its value is a secret. A path to one (`..._FILE`) is not. */
export function isSecretName(name: string): boolean {
  const words = name.toUpperCase().split("_");
  const last = words.at(-1);
  if (last === "FILE" || last === "PATH") return false;
  return words.some((word) => secretWords.has(word));
}

/** Whether a value has the shape of a credential, whatever its name. */
export function isSecretValue(value: string): boolean {
  return secretShapes.some((shape) => shape.test(value));
}
