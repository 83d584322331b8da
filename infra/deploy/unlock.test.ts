import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, test } from "node:test";
import { ownCheckout } from "../adapters/testing/checkout.ts";
import { setVariable } from "../adapters/testing/environment.ts";
import { RefusedError } from "../domain/errors.ts";

const checkout = await ownCheckout();
const { lockStack, stackHolder } = await import("./lock.ts");
const { findLocks, heldError } = await import("./unlock.ts");

const pipeline = "stacks/pipeline.yaml";
await cp(join(import.meta.dirname, "../..", pipeline), join(checkout, pipeline));

/** Of a process that there is not. */
const gone = 2 ** 22 + 1;
const lock = join(checkout, ".slipway/locks/dev");
const engineLock = join(checkout, ".slipway/state/.pulumi/locks/organization/deploy/dev/1.json");

async function write(path: string, content: object) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(content));
}

beforeEach(async () => {
  await rm(join(checkout, ".slipway"), { recursive: true, force: true });
});

test("the owner is named with host, user and the page of its run", async (t) => {
  setVariable(t, "CI_JOB_URL", "https://gitlab.test/job/7");
  const held = await lockStack("dev", "deploy");
  const holder = (await stackHolder("dev")) ?? "";
  assert.match(holder, /^deploy dev has the stack since \S+ \(process \d+\), started by \S+ on /);
  assert.ok(holder.includes(`on ${hostname()}`) && holder.endsWith(": https://gitlab.test/job/7"));
  const [found] = (await findLocks("dev")).holders;
  assert.ok(found);
  const { code, hint } = heldError("dev", [found]);
  assert.equal(code, "stack-locked");
  assert.equal(hint, `wait for it, or end it: kill -INT ${process.pid}`);
  await held.release();
  assert.deepEqual(await findLocks("dev"), { holders: [], ended: [] });
});

test("what an ended process left behind is cleared without force: ours, and the engine's", async () => {
  await write(lock, { pid: gone, started: "1@x", host: hostname(), user: "u", purpose: "deploy" });
  await write(engineLock, { pid: gone, hostname: hostname(), username: "u", timestamp: "then" });
  const { holders, ended } = await findLocks("dev");
  assert.deepEqual(holders, []);
  assert.deepEqual(
    ended.map(({ purpose }) => purpose),
    ["deploy", "the engine"],
  );
  assert.ok(!existsSync(lock) && !existsSync(engineLock));
});

test("locks of another host stay until they are taken by force", async () => {
  const owner = { pid: gone, purpose: "deploy dev", since: "then", host: "runner-7", user: "ci" };
  await write(lock, owner);
  await write(engineLock, { pid: 7, hostname: "runner-7", username: "ci", timestamp: "then" });
  await assert.rejects(lockStack("dev", "deploy"), (error: Error) => {
    assert.ok(error instanceof RefusedError);
    assert.match(error.message, /started by ci on runner-7$/);
    assert.match(error.hint ?? "", /^npx slipway unlock dev --force/);
    return true;
  });
  const { holders } = await findLocks("dev");
  assert.deepEqual(
    holders.map(({ elsewhere, owner: { purpose } }) => [elsewhere, purpose]),
    [
      [true, "deploy dev"],
      [true, "the engine"],
    ],
  );
  for (const { remove } of holders) await remove();
  assert.deepEqual(await findLocks("dev"), { holders: [], ended: [] });
});

test("only environments have locks", async () => {
  await assert.rejects(findLocks("../dev"), { code: "unknown-environment" });
});
