const names = [
  /^\.env(\..+)?$/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)$/,
  /^\.(netrc|pypirc|npmrc|git-credentials|pgpass|htpasswd)$/,
  /^(kubeconfig|credentials(\.json)?|service[-_]account.*\.json)$/,
];

const examples = /\.(example|sample|template)$/;

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * Why a file looks like it holds a secret, or undefined when it does not. Whatever enters a build
 * context can end up in a layer, where everybody who may pull the image can read it.
 *
 * @param name the file's own name, without folders
 */
export function secretIn(name: string, content: Uint8Array): string | undefined {
  const lower = name.toLowerCase();
  if (!examples.test(lower) && names.some((pattern) => pattern.test(lower))) {
    return "looks by its name like a secret, and an image keeps no secret";
  }
  if (privateKey.test(Buffer.from(content).toString("latin1"))) {
    return "holds a private key, and an image keeps no secret";
  }
  return undefined;
}
