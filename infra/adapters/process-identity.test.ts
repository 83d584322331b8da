import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { identify, isRunning } from "./process-identity.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const linux = { skip: process.platform === "linux" ? false : "start times are read on Linux only" };

test("a process is itself until it ends", async (t) => {
  const child = spawn("sleep", ["60"]);
  t.after(() => child.kill("SIGKILL"));
  await once(child, "spawn");
  const identity = identify(child.pid ?? 0);
  assert.ok(identity && isRunning(identity));
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.ok(!isRunning(identity));
  assert.equal(identify(child.pid ?? 0), undefined);
});

test("a later process with the same pid is another one", linux, () => {
  const me = identify(process.pid);
  assert.ok(me && isRunning(me));
  assert.match(me.started ?? "", /^\d+@[0-9a-f-]{36}$/);
  assert.ok(!isRunning({ ...me, started: `1@${me.started?.split("@")[1]}` }));
  assert.ok(!isRunning({ ...me, started: `${me.started?.split("@")[0]}@another boot` }));
});

test("a program's name with spaces and brackets does not shift the fields", linux, async (t) => {
  const program = join(await temporaryFolder(t), "a) R (b");
  await copyFile("/bin/sleep", program);
  const child = spawn(program, ["60"]);
  t.after(() => child.kill("SIGKILL"));
  await once(child, "spawn");
  const [mine, its] = [identify(process.pid), identify(child.pid ?? 0)];
  const ticks = (started?: string) => Number(started?.split("@")[0]);
  assert.ok(ticks(its?.started) >= ticks(mine?.started));
});
