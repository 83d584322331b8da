import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "../paths.ts";
import { findEngine, noteEngine } from "./running-engine.ts";

test("an engine is found while it runs, by whoever looks for its stack", async (t) => {
  t.after(() => rmSync(join(projectFolder, "engines", "deploy-of-a-test"), { force: true }));
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  noteEngine("deploy", "of-a-test", child.pid);
  assert.equal(findEngine("deploy", "of-a-test")?.pid, child.pid);
  assert.equal(findEngine("build", "of-a-test"), undefined);
  child.kill("SIGKILL");
  await once(child, "close");
  assert.equal(findEngine("deploy", "of-a-test"), undefined);
});
