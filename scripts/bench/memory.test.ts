import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { plainEnvironment, start } from "../../infra/adapters/process.ts";
import { canWatchMemory, watchMemory } from "./memory.ts";

const skip = !canWatchMemory && "this machine has no /proc";
const megabytes = 150;

/** Starts a process that starts another one, which holds memory until its standard input ends. */
async function holdMemory() {
  const fill = `const held = Buffer.alloc(${megabytes}e6, 1);
    process.stdout.write("filled");
    process.stdin.resume().on("end", () => held);`;
  const program = `require("node:child_process")
    .spawnSync(process.execPath, ["-e", ${JSON.stringify(fill)}], { stdio: "inherit" })`;
  const options = { env: plainEnvironment() };
  const child = start(process.execPath, ["-e", program], options, ["pipe", "pipe", "inherit"]);
  assert.ok(child.stdout);
  await once(child.stdout, "data");
  return async () => {
    child.stdin?.end();
    await once(child, "close");
  };
}

test("the peak counts what a child of a child holds", { skip }, async () => {
  const watch = watchMemory();
  const release = await holdMemory();
  const peak = watch.stop();
  await release();
  assert.ok(peak > megabytes && peak < 3 * megabytes, `${peak} MB`);
});

test("processes that ran before are not counted", { skip }, async () => {
  const release = await holdMemory();
  const peak = watchMemory().stop();
  await release();
  assert.equal(peak, 0);
});
