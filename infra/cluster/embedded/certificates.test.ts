import assert from "node:assert/strict";
import { createPublicKey, KeyObject, sign, verify, webcrypto, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { issueAuthority, issueCertificate, isUsable, newSigningKey } from "./certificates.ts";

const from = new Date("2026-01-01T00:00:00Z");
const validity = { from, days: 365 };
const authority = await issueAuthority("slipway", { from, days: 3650 });

test("an authority is a certificate authority that signed itself", () => {
  const certificate = new X509Certificate(authority.certificate);
  assert.equal(certificate.ca, true);
  assert.equal(certificate.subject, "CN=slipway");
  assert.equal(certificate.verify(createPublicKey(authority.certificate)), true);
});

test("a server's certificate names its hosts and addresses and chains to the authority", async () => {
  const hosts = ["localhost", "kubernetes.default.svc", "10.96.0.1", "127.0.0.1"];
  const pair = await issueCertificate(authority, { commonName: "kube-apiserver", hosts }, validity);
  const certificate = new X509Certificate(pair.certificate);
  assert.equal(certificate.ca, false);
  assert.equal(certificate.checkIssued(new X509Certificate(authority.certificate)), true);
  for (const host of hosts.slice(0, 2)) assert.equal(certificate.checkHost(host), host);
  for (const address of hosts.slice(2)) assert.equal(certificate.checkIP(address), address);
  assert.equal(certificate.checkHost("example.org"), undefined);
  assert.equal(certificate.keyUsage.includes("1.3.6.1.5.5.7.3.1"), true);
});

test("a client's certificate carries user and group and can't be a server's", async () => {
  const subject = { commonName: "slipway-admin", organization: "system:masters" };
  const certificate = new X509Certificate(
    (await issueCertificate(authority, subject, validity)).certificate,
  );
  assert.equal(certificate.subject, "O=system:masters\nCN=slipway-admin");
  assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
});

test("serial numbers differ", async () => {
  const issue = async () => {
    const { certificate } = await issueCertificate(authority, { commonName: "a" }, validity);
    return new X509Certificate(certificate).serialNumber;
  };
  assert.notEqual(await issue(), await issue());
});

test("an issuer's name keeps its encoding, because Go compares the bytes", async () => {
  const { Name, X509CertificateGenerator } = await import("@peculiar/x509");
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const name = new Name([{ CN: [{ utf8String: "slipway" }] }]);
  const signer = await X509CertificateGenerator.create({
    subject: name,
    issuer: name,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
  });
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  const pair = { certificate: signer.toString("pem"), key };
  const issued = await issueCertificate(pair, { commonName: "a" }, validity);
  const bytes = new X509Certificate(issued.certificate).raw;
  assert.ok(bytes.includes(Buffer.from(name.toArrayBuffer())));
});

test("validity runs from the given time, beyond 2049 too", async () => {
  const pair = await issueAuthority("long", { from, days: 365 * 30 });
  const certificate = new X509Certificate(pair.certificate);
  assert.equal(new Date(certificate.validFrom).getTime(), from.getTime());
  assert.equal(new Date(certificate.validTo).getUTCFullYear(), 2055);
});

test("a certificate is usable until it nears its end, and only with its own authority", async () => {
  const pair = await issueCertificate(authority, { commonName: "a" }, validity);
  const day = (n: number) => new Date(from.getTime() + n * 24 * 3600 * 1000);
  assert.equal(isUsable(pair, authority, day(300), 30), true);
  assert.equal(isUsable(pair, authority, day(340), 30), false);
  assert.equal(isUsable(pair, await issueAuthority("slipway", validity), day(1), 30), false);
  const otherKey = { ...pair, key: authority.key };
  assert.equal(isUsable(otherKey, authority, day(1), 30), false);
});

test("a signing key's halves belong together", () => {
  const { key, publicKey } = newSigningKey();
  const text = Buffer.from("token");
  assert.equal(verify("sha256", text, publicKey, sign("sha256", text, key)), true);
});
