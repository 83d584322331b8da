import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isRunning } from "../../adapters/process-identity.ts";
import { clusterProcesses, mark, partProcesses, stopProcesses } from "./processes.ts";

const skip = process.platform !== "linux";
let folder = "";
let program = "";
const children: ChildProcess[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-"));
  program = join(folder, "etcd");
  if (!skip) await copyFile("/bin/sleep", program);
});

after(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

async function startMarked(command: string, args: string[], part: string): Promise<ChildProcess> {
  const env = { PATH: process.env.PATH, ...mark(folder, part, "abc") };
  const child = spawn(command, args, { env, stdio: "ignore" });
  await once(child, "spawn");
  children.push(child);
  return child;
}

test("a marked process is found with its part and fingerprint, without any file", {
  skip,
}, async () => {
  const child = await startMarked(program, ["60"], "etcd");
  const found = clusterProcesses(folder).find(({ pid }) => pid === child.pid);
  assert.equal(found?.part, "etcd");
  assert.equal(found?.fingerprint, "abc");
  assert.equal(found?.program, "etcd");
});

test("another cluster's processes are not found", { skip }, () => {
  assert.deepEqual(clusterProcesses(`${folder}-other`), []);
});

test("a part's own process is told from the helpers that inherit its environment", {
  skip,
}, async () => {
  const helper = await startMarked("/bin/sleep", ["60"], "etcd");
  const own = partProcesses(clusterProcesses(folder), "etcd").map(({ pid }) => pid);
  assert.equal(own.includes(helper.pid as number), false);
  assert.equal(own.length, 1);
});

test("processes that ignore SIGTERM are ended too", { skip }, async () => {
  const child = await startMarked(
    "/bin/sh",
    ["-c", "trap '' TERM; while :; do sleep 1; done"],
    "kubelet",
  );
  const found = clusterProcesses(folder).filter(({ pid }) => pid === child.pid);
  assert.equal(found.length, 1);
  await stopProcesses(found, 100);
  assert.equal(found.some(isRunning), false);
});

test("a process of the same pid that started at another time is left alone", { skip }, async () => {
  const child = await startMarked(program, ["60"], "etcd");
  await stopProcesses([{ pid: child.pid as number, started: "1@another-boot" }], 0);
  assert.equal(child.exitCode === null && child.signalCode === null, true);
});
