import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rmdir, stat } from "node:fs/promises";
import { request } from "node:https";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run, start } from "../adapters/process.ts";
import { UserError } from "../domain/errors.ts";
import { ensureTools } from "../toolchain/tools.ts";
import { certificatePath, keyPath } from "./embedded/credentials.ts";
import { embeddedDriver } from "./embedded/driver.ts";
import { listenerOwner, readListeners } from "./embedded/listeners.ts";
import { clusterProcesses } from "./embedded/processes.ts";
import { waitUntil } from "./embedded/wait.ts";
import { driver, isUp, kubectl, paths, quiet, skipEmbedded } from "./testing/embedded-cluster.ts";
import {
  callFromPod,
  image,
  inNamespace,
  namespace,
  port,
  startProbe,
  stopProbe,
} from "./testing/probe-pod.ts";

const skip = skipEmbedded;
let wasUp = false;

before(async () => {
  if (skip) return;
  wasUp = await isUp();
  await driver.up(quiet);
  await startProbe();
});

after(async () => {
  if (skip) return;
  await stopProbe();
  if (!wasUp) await driver.down(quiet);
});

test("status says that every part is running and what the network doesn't do", {
  skip,
}, async () => {
  await waitUntil(
    async () => {
      const { running, parts } = await driver.status();
      assert.equal(running, true, JSON.stringify(parts));
    },
    { limitMs: 60_000 }, // The metrics API needs two readings.
  );
  assert.match((await driver.status()).notes.join(), /NetworkPolicies are stored but not enforced/);
});

test("up on a healthy cluster starts nothing anew", { skip }, async () => {
  const pids = () => clusterProcesses(paths.folder).map(({ pid, part }) => `${part} ${pid}`);
  const before = pids();
  assert.deepEqual(await driver.plan(), []);
  await driver.up(quiet);
  assert.deepEqual(pids(), before);
});

test("exec, logs and top work", { skip }, async () => {
  const version = await inNamespace("exec probe -- /kubectl version --client");
  assert.match(version, /Client Version: v1\.34/);
  assert.match(await inNamespace("logs probe"), /Starting to serve/);
  assert.match(await kubectl("top", "nodes"), /slipway/);
  assert.match(await kubectl("top", "pods", "--all-namespaces"), /coredns/);
});

test("port-forward works", { skip }, async () => {
  const { kubectl: program } = await ensureTools(["kubectl"], quiet);
  const args = ["--kubeconfig", paths.kubeconfig, "--namespace", namespace];
  const child = start(program, [...args, "port-forward", "pod/probe", `:${port}`], {}, [
    "ignore",
    "pipe",
    "inherit",
  ]);
  try {
    const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
    const [, local] = /127\.0\.0\.1:(\d+)/.exec(String(line)) ?? [];
    assert.equal((await fetch(`http://127.0.0.1:${local}/healthz`)).status > 0, true);
  } finally {
    child.kill("SIGINT");
    await once(child, "close");
  }
});

test("a pod finds Services by name, and the API server's certificate fits the name", {
  skip,
}, async () => {
  const answer = await callFromPod("https://kubernetes.default.svc.cluster.local");
  assert.match(answer, /Unauthorized|must be logged in/);
  assert.match(await callFromPod("http://probe.slipway-e2e.svc:8001"), /major|Forbidden|forbidden/);
});

test("a pod is refused everything outside the cluster, at once", { skip }, async () => {
  // 203.0.113.0/24 is set aside for documentation (RFC 5737): nobody is there.
  assert.match(
    await callFromPod("http://203.0.113.1"),
    /no route to host|prohibited|permission denied/i,
  );
  assert.match(
    await callFromPod("http://10.244.0.1:5000"),
    /no route to host|prohibited|permission denied/i,
  );
  assert.match(await callFromPod("http://example.org"), /no such host/);
});

test("a NodePort answers on loopback and on no other address of the machine", {
  skip,
}, async () => {
  const field = "jsonpath={.spec.ports[0].nodePort}";
  const nodePort = await inNamespace("get service probe --output", field);
  const get = (host: string) =>
    fetch(`http://${host}:${nodePort}/healthz`, { signal: AbortSignal.timeout(2_000) });
  assert.equal((await get("127.0.0.1")).status > 0, true);
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal);
  for (const { address } of others) await assert.rejects(get(address), address);
});

test("no program of the cluster listens on an address that another machine could reach", {
  skip,
}, () => {
  const own = new Set(clusterProcesses(paths.folder).map(({ pid }) => pid));
  const listeners = readListeners().filter((one) => own.has(listenerOwner(one)?.pid ?? 0));
  assert.ok(listeners.some(({ port: one }) => one === 6443));
  const reachable = listeners.filter(({ address }) => !/^127\.|^10\.244\.0\.1$/.test(address));
  assert.deepEqual(reachable, []);
});

test("a Secret is encrypted before it is stored", { skip }, async () => {
  const canary = "canary-in-the-store";
  await inNamespace(`create secret generic canary --from-literal=key=${canary}`);
  const stored = await readFromStore(`/registry/secrets/${namespace}/canary`);
  assert.match(stored, /^k8s:enc:secretbox:v1:/);
  assert.equal(stored.includes(canary), false);
});

/** The raw value of a key in etcd, by its JSON gateway. */
async function readFromStore(key: string): Promise<string> {
  const trust = {
    ca: await readFile(certificatePath(paths, "etcd-ca")),
    cert: await readFile(certificatePath(paths, "etcd-client")),
    key: await readFile(keyPath(paths, "etcd-client")),
  };
  const call = request("https://127.0.0.1:2379/v3/kv/range", { method: "POST", ...trust });
  call.end(JSON.stringify({ key: Buffer.from(key).toString("base64") }));
  const [response] = await once(call, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return Buffer.from(JSON.parse(text).kvs[0].value, "base64").toString("latin1");
}

test("nobody gets in without a certificate", { skip }, async () => {
  const ca = await readFile(certificatePath(paths, "cluster-ca"));
  for (const url of ["https://10.244.0.1:6443/version", "https://10.244.0.1:10250/pods"]) {
    const call = request(url, { ca });
    call.end();
    const [response] = await once(call, "response");
    response.resume();
    assert.equal(response.statusCode, 401, url);
  }
  const etcd = request("https://127.0.0.1:2379/version", { rejectUnauthorized: false });
  etcd.end();
  await assert.rejects(once(etcd, "response"));
});

test("a pod that could take over the node is refused", { skip }, async () => {
  const overrides = JSON.stringify({ spec: { hostPID: true } });
  await assert.rejects(
    inNamespace(`run intruder --image=${image}`, `--overrides=${overrides}`),
    /violates PodSecurity "baseline:latest"/,
  );
});

test("keys, configuration and logs are the owner's alone", { skip }, async () => {
  assert.equal((await stat(paths.folder)).mode & 0o777, 0o700);
  const own = [paths.pki, paths.config, paths.logs];
  for (const folder of own) {
    assert.equal((await stat(folder)).mode & 0o777, 0o700, folder);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(folder, entry.name);
      assert.equal((await stat(path)).mode & 0o777, 0o600, path);
    }
  }
  for (const path of [paths.kubeconfig, paths.machine])
    assert.equal((await stat(path)).mode & 0o777, 0o600, path);
});

/** What `up` of a second cluster, in another folder, is refused with. */
async function refusal(folder: string): Promise<UserError> {
  const error = await embeddedDriver(folder)
    .up(quiet)
    .catch((reason) => reason);
  assert.ok(error instanceof UserError, String(error));
  return error;
}

test("a second cluster is refused before it changes anything, by whoever holds its ports", {
  skip,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-"));
  const { code, message } = await refusal(join(folder, "cluster"));
  assert.equal(code, "port-taken");
  assert.match(message, /127\.0\.0\.1:2379 is taken by etcd \(pid \d+\)/);
  await embeddedDriver(join(folder, "cluster")).down(quiet);
  await rmdir(folder);
  assert.equal((await driver.plan()).length, 0);
});

test("a disk that is nearly full is refused before anything is changed", { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-"));
  await run("mount", ["-t", "tmpfs", "-o", "size=16m", "slipway-test", folder]);
  try {
    const { code, message } = await refusal(join(folder, "cluster"));
    assert.equal(code, "disk-full");
    assert.ok(message.includes(folder));
  } finally {
    await run("umount", [folder]);
    await rmdir(folder);
  }
});
