import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encryptionPath, ensureCredentials, keyPath, readCredentials } from "./credentials.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import { type Layout, layout } from "./layout.ts";

let paths: Layout;
const start = new Date("2026-01-01T00:00:00Z");
const daysLater = (days: number) => new Date(start.getTime() + days * 24 * 3600 * 1000);

before(async () => {
  paths = layout(await mkdtemp(join(tmpdir(), "slipway-")));
});
after(() => rm(paths.folder, { recursive: true }));

test("the names are those that Kubernetes' authorization rules are written for", async () => {
  const credentials = await ensureCredentials(paths, start);
  const subject = (name: keyof typeof credentials) =>
    new X509Certificate(credentials[name].certificate).subject;
  assert.equal(subject("admin"), "O=system:masters\nCN=slipway-admin");
  assert.equal(subject("kubelet"), "O=system:nodes\nCN=system:node:slipway");
  assert.equal(subject("kube-scheduler"), "CN=system:kube-scheduler");
});

test("etcd and the front proxy trust authorities of their own", async () => {
  const credentials = await ensureCredentials(paths, start);
  const issuedBy = (name: keyof typeof credentials, authority: keyof typeof credentials) =>
    new X509Certificate(credentials[name].certificate).verify(
      new X509Certificate(credentials[authority].certificate).publicKey,
    );
  assert.equal(issuedBy("etcd-client", "etcd-ca"), true);
  assert.equal(issuedBy("admin", "etcd-ca"), false);
  assert.equal(issuedBy("front-proxy-client", "front-proxy-ca"), true);
  assert.equal(issuedBy("admin", "front-proxy-ca"), false);
});

test("only the owner can read any of it", async () => {
  await ensureCredentials(paths, start);
  for (const name of await readdir(paths.pki))
    assert.equal((await stat(join(paths.pki, name))).mode & 0o777, 0o600, name);
  assert.equal((await stat(paths.pki)).mode & 0o777, 0o700);
});

test("nothing changes until a certificate nears its end, and then authorities stay", async () => {
  const first = await ensureCredentials(paths, start);
  const encryption = await readFile(encryptionPath(paths), "utf8");
  assert.deepEqual(await ensureCredentials(paths, daysLater(300)), first);
  const renewed = await ensureCredentials(paths, daysLater(350));
  assert.notEqual(renewed.admin.certificate, first.admin.certificate);
  assert.equal(renewed["cluster-ca"].certificate, first["cluster-ca"].certificate);
  assert.equal(await readFile(encryptionPath(paths), "utf8"), encryption);
});

test("a pair of which one half is lost is made anew", async () => {
  const first = await ensureCredentials(paths, start);
  await rm(keyPath(paths, "kubelet"));
  assert.equal(await readCredentials(paths), undefined);
  const repaired = await ensureCredentials(paths, start);
  assert.notEqual(repaired.kubelet.certificate, first.kubelet.certificate);
  assert.deepEqual(await readCredentials(paths), repaired);
});

test("the kubeconfig has one context, with the user's certificate in it", async () => {
  const credentials = await ensureCredentials(paths, start);
  const config = JSON.parse(renderKubeconfig(credentials.admin, credentials["cluster-ca"]));
  assert.equal(config["current-context"], "slipway");
  assert.equal(config.clusters[0].cluster.server, "https://10.244.0.1:6443");
  const certificate = Buffer.from(
    config.users[0].user["client-certificate-data"],
    "base64",
  ).toString();
  assert.equal(certificate, credentials.admin.certificate);
});
