import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { breakLock, type Lock, type LockOwner, lockHolder, tryLock, withLock } from "./lock.ts";
import { identify } from "./process-identity.ts";
import { runChild } from "./testing/child.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const take = `
  const { tryLock } = await load("infra/adapters/lock.ts");
  const lock = await tryLock(process.env.LOCK, "the child's work");
`;

/** Takes the lock and keeps it until it is killed. */
const hold = `${take} console.log("holding"); setInterval(() => {}, 1000);`;

function child(t: TestContext, path: string, body: string) {
  return runChild(t, body, { env: { ...process.env, LOCK: path } });
}

async function stale(path: string, owner: object | string = { pid: 1, started: "0@an old boot" }) {
  await writeFile(path, typeof owner === "string" ? owner : JSON.stringify(owner));
}

const isLock = (found: Lock | LockOwner): found is Lock => "release" in found;

/** Takes the lock, or fails the test. */
async function mustLock(path: string): Promise<Lock> {
  const lock = await tryLock(path, "test");
  assert.ok(isLock(lock), `held by ${JSON.stringify(lock)}`);
  return lock;
}

test("a lock that is held names its owner; released, it is free and leaves nothing behind", async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, "deep", "lock");
  const lock = await mustLock(path);
  const second = await tryLock(path, "second");
  assert.ok(!isLock(second));
  const { since, ...owner } = second;
  assert.deepEqual(owner, {
    ...identify(process.pid),
    purpose: "test",
    host: hostname(),
    user: userInfo().username,
  });
  assert.equal(new Date(since).toISOString(), since);
  await lock.release();
  assert.deepEqual(await readdir(join(folder, "deep")), []);
  await (await mustLock(path)).release();
});

test("of several processes at once that find a stale lock, one gets it", async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, "lock");
  await stale(path);
  const contend = `${take}
    console.log("release" in lock ? "got it" : "held");
    setInterval(() => {}, 1000);
  `;
  const children = Array.from({ length: 4 }, () => child(t, path, contend));
  const said = await Promise.all(
    children.map((one) =>
      Promise.race([
        one.printed("got it").then(() => "got it"),
        one.printed("held").then(() => "held"),
      ]),
    ),
  );
  assert.deepEqual(said.sort(), ["got it", "held", "held", "held"]);
});

test("contenders inside one process never hold a lock together, not even a stale one", async (t) => {
  const path = join(await temporaryFolder(t), "lock");
  let inside = 0;
  for (let round = 0; round < 20; round++) {
    await stale(path);
    const locks = await Promise.all(Array.from({ length: 8 }, () => tryLock(path, "contender")));
    const held = locks.filter(isLock);
    assert.ok(held.length <= 1, `${held.length} hold the lock`);
    inside += held.length;
    for (const lock of held) await lock.release();
  }
  assert.ok(inside > 0);
});

for (const [what, owner] of [
  ["whose owner ended", { pid: 2 ** 22 + 1, started: "1@x" }],
  ["whose owner's pid belongs to a later process", { pid: process.pid, started: "1@x" }],
  ["that was cut short by a power failure", '{"pid":'],
  ["that is empty", ""],
] as const) {
  test(`a lock ${what} is taken over`, async (t) => {
    const path = join(await temporaryFolder(t), "lock");
    await stale(path, owner);
    await (await mustLock(path)).release();
  });
}

test("a lock of another host is never taken over, and its owner is told", async (t) => {
  const path = join(await temporaryFolder(t), "lock");
  const owner = {
    pid: 2 ** 22 + 1,
    purpose: "deploy",
    since: "then",
    host: "runner-7",
    user: "ci",
  };
  await stale(path, `${JSON.stringify(owner)}\n`);
  assert.deepEqual(await tryLock(path, "test"), owner);
  await breakLock(path, { ...owner, pid: 1 });
  assert.deepEqual(await lockHolder(path), owner);
  await breakLock(path, owner);
  await (await mustLock(path)).release();
});

test("a lock that was broken and given to another one is not released by its first owner", async (t) => {
  const path = join(await temporaryFolder(t), "lock");
  const first = await tryLock(path, "first");
  const owner = await lockHolder(path);
  assert.ok(isLock(first) && owner);
  await breakLock(path, owner);
  const second = await tryLock(path, "second");
  assert.ok(isLock(second));
  await first.release();
  assert.equal((await lockHolder(path))?.purpose, "second");
  await second.release();
  assert.equal(await lockHolder(path), undefined);
});

test("a lock names the page of the run that holds it", async (t) => {
  const path = join(await temporaryFolder(t), "lock");
  const lock = await tryLock(path, "test", "https://ci.test/1");
  assert.equal((await lockHolder(path))?.run, "https://ci.test/1");
  assert.ok(isLock(lock));
  await lock.release();
});

test("a holder that is killed frees the lock for the one that waits", async (t) => {
  const path = join(await temporaryFolder(t), "lock");
  const holder = child(t, path, hold);
  await holder.printed("holding");
  const waits: LockOwner[] = [];
  const result = await withLock(
    path,
    "the test's work",
    async () => JSON.parse(await readFile(path, "utf8")).purpose,
    (owner) => {
      waits.push(owner);
      holder.process.kill("SIGKILL");
    },
  );
  assert.equal(result, "the test's work");
  assert.deepEqual(
    waits.map(({ pid, purpose }) => ({ pid, purpose })),
    [{ pid: holder.process.pid, purpose: "the child's work" }],
  );
});

test("work that throws releases the lock", async (t) => {
  const path = join(await temporaryFolder(t), "lock");
  const fail = () => withLock(path, "failing", () => Promise.reject(new Error("broken")));
  await assert.rejects(fail(), /broken/);
  await (await mustLock(path)).release();
});

test("a lock that cannot be made is an error, and not a wait without end", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "file"), "");
  await assert.rejects(tryLock(join(folder, "file", "lock"), "test"), { code: "EEXIST" });
  await assert.rejects(tryLock(folder, "test"), { code: "invalid-input" });
});
