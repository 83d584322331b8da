import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { UserError } from "../../domain/errors.ts";
import { type Layout, layout } from "./layout.ts";
import { ensurePart, logPath, type Part } from "./parts.ts";
import { clusterProcesses, stopProcesses } from "./processes.ts";

const skip = process.platform !== "linux";
const { signal } = new AbortController();
let paths: Layout;
let part: Part;

beforeEach(async () => {
  paths = layout(await mkdtemp(join(tmpdir(), "slipway-")));
  const program = join(paths.folder, "etcd");
  const config = join(paths.folder, "etcd.json");
  if (!skip) await copyFile("/bin/sleep", program);
  await writeFile(config, "1");
  part = { name: "etcd", program, args: ["60"], reads: [config], probe: async () => {} };
});

afterEach(async () => {
  if (!skip) await stopProcesses(clusterProcesses(paths.folder), 0);
  await rm(paths.folder, { recursive: true });
});

const pids = () => clusterProcesses(paths.folder).map(({ pid }) => pid);

test("a part that runs is left alone", { skip }, async () => {
  await ensurePart(part, paths, signal);
  const [pid] = pids();
  await ensurePart(part, paths, signal);
  assert.deepEqual(pids(), [pid]);
});

test("a part starts anew with what it reads when that has changed", { skip }, async () => {
  await ensurePart(part, paths, signal);
  const [pid] = pids();
  await writeFile(part.reads[0] as string, "2");
  await ensurePart(part, paths, signal);
  assert.equal(pids().length, 1);
  assert.notEqual(pids()[0], pid);
});

test("a part starts anew with other arguments", { skip }, async () => {
  await ensurePart(part, paths, signal);
  const [pid] = pids();
  await ensurePart({ ...part, args: ["61"] }, paths, signal);
  assert.equal(pids().length, 1);
  assert.notEqual(pids()[0], pid);
});

test("a part that ends at once is reported with the end of its log and what to do", {
  skip,
}, async () => {
  const probe = () => Promise.reject(new Error("not yet"));
  await assert.rejects(
    ensurePart({ ...part, args: ["nonsense"], probe }, paths, signal),
    (error) =>
      error instanceof UserError &&
      error.code === "cluster-part-failed" &&
      error.message.includes("etcd did not start: ended with code 1") &&
      error.message.includes("invalid time interval") &&
      error.hint !== undefined,
  );
});

test("waiting ends when another part has failed", { skip }, async () => {
  const failure = new AbortController();
  const probe = async () => {
    failure.abort();
    throw new Error("not yet");
  };
  await assert.rejects(ensurePart({ ...part, probe }, paths, failure.signal), /not yet/);
});

test("the log is the owner's alone, and the one before it is kept", { skip }, async () => {
  await mkdir(paths.logs);
  await writeFile(logPath("etcd", paths), "why it ended");
  await ensurePart(part, paths, signal);
  assert.equal((await stat(logPath("etcd", paths))).mode & 0o777, 0o600);
  assert.deepEqual((await readdir(paths.logs)).sort(), ["etcd.log", "etcd.log.previous"]);
  assert.equal(await readFile(`${logPath("etcd", paths)}.previous`, "utf8"), "why it ended");
});
