import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIPv4 } from "node:net";
import {
  bitString,
  boolean,
  context,
  integer,
  objectId,
  octetString,
  sequence,
  set,
  time,
  utf8,
} from "./der.ts";

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
export function issueAuthority(commonName: string, validity: Validity): KeyPair {
  const key = newKey();
  const name = distinguishedName({ commonName });
  const extensions = [
    extension(oid.basicConstraints, sequence(boolean(true)), true),
    extension(oid.keyUsage, keyUsage.certificateSign, true),
  ];
  return { certificate: certify(name, name, key, key, validity, extensions), key };
}

/** Makes a certificate for a client, or for a server when the subject has hosts, signed by `authority`. */
export function issueCertificate(
  authority: KeyPair,
  subject: Subject,
  validity: Validity,
): KeyPair {
  const key = newKey();
  const hosts = subject.hosts ?? [];
  const purpose = hosts.length > 0 ? [oid.serverAuth, oid.clientAuth] : [oid.clientAuth];
  const extensions = [
    extension(oid.basicConstraints, sequence(), true),
    extension(oid.keyUsage, keyUsage.digitalSignature, true),
    extension(oid.extendedKeyUsage, sequence(...purpose.map(objectId))),
    ...(hosts.length > 0
      ? [extension(oid.subjectAltName, sequence(...hosts.map(alternativeName)))]
      : []),
  ];
  const issuer = distinguishedName({ commonName: issuerCommonName(authority) });
  const certificate = certify(
    distinguishedName(subject),
    issuer,
    key,
    authority.key,
    validity,
    extensions,
  );
  return { certificate, key };
}

/** A key that signs service account tokens: the private and the public half, in PEM. */
export function newSigningKey(): { readonly key: string; readonly publicKey: string } {
  const key = newKey();
  return {
    key,
    publicKey: createPublicKey(key).export({ type: "spki", format: "pem" }).toString(),
  };
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

/** Object identifiers of RFC 5280, X.520 and RFC 5758. */
const oid = {
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
};

/** The first bit is digitalSignature, the sixth keyCertSign (RFC 5280, 4.2.1.3). */
const keyUsage = {
  digitalSignature: bitString(Buffer.from([0b1000_0000]), 7),
  certificateSign: bitString(Buffer.from([0b1000_0100]), 2),
};

function certify(
  subject: Buffer,
  issuer: Buffer,
  key: string,
  signingKey: string,
  validity: Validity,
  extensions: readonly Buffer[],
): string {
  const algorithm = sequence(objectId(oid.ecdsaWithSha256));
  const end = new Date(validity.from.getTime() + validity.days * dayMs);
  const body = sequence(
    context(0, integer(Buffer.from([2]))), // Version 3, which is counted from 0.
    integer(Buffer.concat([Buffer.from([0x4a]), randomBytes(15)])),
    algorithm,
    issuer,
    sequence(time(validity.from), time(end)),
    subject,
    createPublicKey(key).export({ type: "spki", format: "der" }),
    context(3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, signingKey);
  return pem(sequence(body, algorithm, bitString(signature, 0)));
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function distinguishedName({ commonName, organization }: Subject): Buffer {
  const attribute = (type: string, value: string) => set(sequence(objectId(type), utf8(value)));
  return sequence(
    ...(organization ? [attribute(oid.organization, organization)] : []),
    attribute(oid.commonName, commonName),
  );
}

function issuerCommonName(authority: KeyPair): string {
  return new X509Certificate(authority.certificate).subject.replace(/^CN=/, "");
}

function extension(type: string, value: Buffer, critical = false): Buffer {
  return sequence(objectId(type), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** A GeneralName: [7] iPAddress or [2] dNSName. */
function alternativeName(host: string): Buffer {
  return isIPv4(host)
    ? context(7, Buffer.from(host.split(".").map(Number)), "primitive")
    : context(2, Buffer.from(host), "primitive");
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
