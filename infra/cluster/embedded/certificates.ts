import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import { isIPv4 } from "node:net";
import type { Extension, JsonName, Name } from "@peculiar/x509";

/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate says of its holder. */
export interface Subject {
  readonly commonName: string;
  /** Kubernetes reads it as the user's group. */
  readonly organization?: string;
  /** Host names and IPv4 addresses of a server. Without any, the certificate is a client's. */
  readonly hosts?: readonly string[];
}

/** When a certificate is valid. */
export interface Validity {
  readonly from: Date;
  readonly days: number;
}

/** Makes a self-signed certificate authority. */
export async function issueAuthority(commonName: string, validity: Validity): Promise<KeyPair> {
  const x509 = await loadX509();
  const key = newKey();
  const name = distinguishedName({ commonName });
  const usages = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign;
  const extensions = [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(usages, true),
  ];
  return sign({ subject: name, issuer: name, key, signingKey: key, validity, extensions });
}

/** Makes a certificate for a client, or for a server when the subject has hosts, signed by `authority`. */
export async function issueCertificate(
  authority: KeyPair,
  subject: Subject,
  validity: Validity,
): Promise<KeyPair> {
  const x509 = await loadX509();
  const hosts = subject.hosts ?? [];
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  const purposes = hosts.length > 0 ? [serverAuth, clientAuth] : [clientAuth];
  const extensions: Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(purposes),
  ];
  if (hosts.length > 0) {
    const names = hosts.map((value) => ({
      type: isIPv4(value) ? ("ip" as const) : ("dns" as const),
      value,
    }));
    extensions.push(new x509.SubjectAlternativeNameExtension(names));
  }
  return sign({
    subject: distinguishedName(subject),
    // As it is encoded there: Go compares the bytes of the names, not their text.
    issuer: new x509.X509Certificate(authority.certificate).subjectName,
    key: newKey(),
    signingKey: createPrivateKey(authority.key),
    validity,
    extensions,
  });
}

/** A key that signs service account tokens: the private and the public half, in PEM. */
export function newSigningKey(): { readonly key: string; readonly publicKey: string } {
  const key = newKey();
  const publicKey = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  return { key: privatePem(key), publicKey };
}

/** True when the authority signed the certificate and `days` or more are left of its time at `now`. */
export function isUsable(pair: KeyPair, authority: KeyPair, now: Date, days: number): boolean {
  const certificate = new X509Certificate(pair.certificate);
  const left = new Date(certificate.validTo).getTime() - now.getTime();
  return (
    left >= days * dayMs &&
    certificate.verify(createPublicKey(authority.certificate)) &&
    certificate.checkPrivateKey(createPrivateKey(pair.key))
  );
}

const dayMs = 24 * 3600 * 1000;

/** Loaded where a certificate is made and nowhere else: it takes a sixth of a second. */
async function loadX509() {
  await import("reflect-metadata"); // The other asks for it while it loads.
  return import("@peculiar/x509");
}

interface Request {
  readonly subject: JsonName;
  readonly issuer: JsonName | Name;
  readonly key: KeyObject;
  readonly signingKey: KeyObject;
  readonly validity: Validity;
  readonly extensions: Extension[];
}

/** Certifies the key. The serial number is 16 random bytes. */
async function sign({ key, signingKey, validity, ...content }: Request): Promise<KeyPair> {
  const { X509CertificateGenerator } = await loadX509();
  const certificate = await X509CertificateGenerator.create({
    ...content,
    notBefore: validity.from,
    notAfter: new Date(validity.from.getTime() + validity.days * dayMs),
    publicKey: createPublicKey(key).export({ type: "spki", format: "der" }),
    signingKey: await webCryptoKey(signingKey),
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: privatePem(key) };
}

function webCryptoKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: "pkcs8", format: "der" });
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}

function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

function privatePem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function distinguishedName({ commonName, organization }: Subject): JsonName {
  return [...(organization ? [{ O: [organization] }] : []), { CN: [commonName] }];
}
