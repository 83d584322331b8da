import assert from "node:assert/strict";
import { createPublicKey, sign, verify, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { issueAuthority, issueCertificate, isUsable, newSigningKey } from "./certificates.ts";

const from = new Date("2026-01-01T00:00:00Z");
const validity = { from, days: 365 };
const authority = issueAuthority("slipway", { from, days: 3650 });

test("an authority is a certificate authority that signed itself", () => {
  const certificate = new X509Certificate(authority.certificate);
  assert.equal(certificate.ca, true);
  assert.equal(certificate.subject, "CN=slipway");
  assert.equal(certificate.verify(createPublicKey(authority.certificate)), true);
});

test("a server's certificate names its hosts and addresses and chains to the authority", () => {
  const hosts = ["localhost", "kubernetes.default.svc", "10.96.0.1", "127.0.0.1"];
  const pair = issueCertificate(authority, { commonName: "kube-apiserver", hosts }, validity);
  const certificate = new X509Certificate(pair.certificate);
  assert.equal(certificate.ca, false);
  assert.equal(certificate.checkIssued(new X509Certificate(authority.certificate)), true);
  for (const host of hosts.slice(0, 2)) assert.equal(certificate.checkHost(host), host);
  for (const address of hosts.slice(2)) assert.equal(certificate.checkIP(address), address);
  assert.equal(certificate.checkHost("example.org"), undefined);
  assert.equal(certificate.keyUsage.includes("1.3.6.1.5.5.7.3.1"), true);
});

test("a client's certificate carries user and group and can't be a server's", () => {
  const subject = { commonName: "slipway-admin", organization: "system:masters" };
  const certificate = new X509Certificate(
    issueCertificate(authority, subject, validity).certificate,
  );
  assert.equal(certificate.subject, "O=system:masters\nCN=slipway-admin");
  assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
});

test("serial numbers differ", () => {
  const serials = [1, 2].map(
    () =>
      new X509Certificate(issueCertificate(authority, { commonName: "a" }, validity).certificate)
        .serialNumber,
  );
  assert.notEqual(serials[0], serials[1]);
});

test("validity runs from the given time, beyond 2049 too", () => {
  const pair = issueAuthority("long", { from, days: 365 * 30 });
  const certificate = new X509Certificate(pair.certificate);
  assert.equal(new Date(certificate.validFrom).getTime(), from.getTime());
  assert.equal(new Date(certificate.validTo).getUTCFullYear(), 2055);
});

test("a certificate is usable until it nears its end, and only with its own authority", () => {
  const pair = issueCertificate(authority, { commonName: "a" }, validity);
  const day = (n: number) => new Date(from.getTime() + n * 24 * 3600 * 1000);
  assert.equal(isUsable(pair, authority, day(300), 30), true);
  assert.equal(isUsable(pair, authority, day(340), 30), false);
  assert.equal(isUsable(pair, issueAuthority("slipway", validity), day(1), 30), false);
  const otherKey = { ...pair, key: authority.key };
  assert.equal(isUsable(otherKey, authority, day(1), 30), false);
});

test("a signing key's halves belong together", () => {
  const { key, publicKey } = newSigningKey();
  const text = Buffer.from("token");
  assert.equal(verify("sha256", text, publicKey, sign("sha256", text, key)), true);
});
