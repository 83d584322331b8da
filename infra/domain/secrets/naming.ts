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

/** Well-known credentials by their prefixes, private keys, and URLs with a password in them. */
const secretShapes: readonly (readonly [shape: RegExp, what: string])[] = [
  [/^sk-[\w-]{16,}/, "a key of a model API (sk-...)"],
  [/^hf_[A-Za-z0-9]{30,}/, "a token of a model hub (hf_...)"],
  [/^(ghp|gho|ghs|ghu|github_pat)_\w{20,}/, "a GitHub token"],
  [/^glpat-[\w-]{20,}/, "a GitLab token"],
  [/^xox[abp]-/, "a Slack token"],
  [/^AKIA[0-9A-Z]{16}$/, "an AWS access key"],
  [/^AIza[\w-]{30,}/, "a Google API key"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i, "a URL with a password"],
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
  return secretShape(value) !== undefined;
}

/** What kind of credential a value has the shape of, or undefined when it has none. */
export function secretShape(value: string): string | undefined {
  return secretShapes.find(([shape]) => shape.test(value))?.[1];
}
