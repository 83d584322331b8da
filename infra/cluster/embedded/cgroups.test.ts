import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { enableControllers, restoreControllers } from "./cgroups.ts";

let root = "";
const file = () => join(root, "cgroup.subtree_control");

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-"));
});
afterEach(() => rm(root, { recursive: true }));

test("controllers that the kubelet needs and that are there are passed on", async () => {
  await writeFile(join(root, "cgroup.controllers"), "cpu io memory rdma\n");
  await writeFile(file(), "cpu io\n");
  enableControllers(root);
  assert.equal(await readFile(file(), "utf8"), "+memory");
});

test("nothing is written where all of them are passed on already", async () => {
  await writeFile(join(root, "cgroup.controllers"), "cpu memory\n");
  await writeFile(file(), "memory cpu\n");
  enableControllers(root);
  assert.equal(await readFile(file(), "utf8"), "memory cpu\n");
});

test("a v1 hierarchy has no such file and needs none", () => enableControllers(root));

test("only what was added is taken back", async () => {
  await writeFile(file(), "cpu memory rdma\n");
  restoreControllers({ [root]: ["cpu"] });
  assert.equal(await readFile(file(), "utf8"), "-memory");
});
