import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeEach, test } from "node:test";
import { manifest } from "./manifest.ts";
import { ownCache } from "./testing/own-cache.ts";

const folder = await ownCache();
const { root } = await import("../adapters/paths.ts");
const { cachedTool, isIntact, linkForPulumi, placeTool } = await import("./store.ts");

beforeEach(() => rm(join(folder, "slipway"), { recursive: true, force: true }));

async function place(text = "the program"): Promise<string> {
  const file = join(folder, "fresh");
  await writeFile(file, text, { mode: 0o600 });
  return placeTool("pause", file, "built");
}

test("a placed program is found again, with where it came from", async () => {
  assert.equal(await cachedTool("pause"), undefined);
  const path = await place();
  assert.deepEqual(await cachedTool("pause"), { path, origin: "built" });
  assert.equal((await stat(path)).mode & 0o777, 0o755);
  assert.deepEqual((await readdir(dirname(path))).sort(), ["pause", "pause.json"]);
  assert.ok(!existsSync(join(folder, "fresh")));
});

test("a program that was only touched is still the one that was placed", async () => {
  const path = await place();
  await utimes(path, new Date(0), new Date(0));
  assert.deepEqual(await cachedTool("pause"), { path, origin: "built" });
});

for (const [what, damage] of [
  ["was cut short", (path: string) => writeFile(path, "the prog")],
  ["has other bytes of the same number", (path: string) => writeFile(path, "THE PROGRAM")],
  ["is gone", (path: string) => rm(path)],
  ["has no record", (path: string) => rm(`${path}.json`)],
  ["has half a record", (path: string) => writeFile(`${path}.json`, '{"origin":"bui')],
] as const) {
  test(`a program that ${what} is not used`, async () => {
    const path = await place();
    await damage(path);
    assert.equal(await cachedTool("pause"), undefined);
    if (what !== "has no record" && what !== "has half a record") {
      assert.equal(await isIntact("pause"), false);
    }
    await place();
    assert.deepEqual(await cachedTool("pause"), { path, origin: "built" });
  });
}

test("a change that keeps size and time is found by the thorough look", async () => {
  const path = await place();
  assert.ok(await isIntact("pause"));
  const { atime, mtime } = await stat(path);
  await writeFile(path, "THE PROGRAM");
  await utimes(path, atime, mtime);
  assert.ok(!(await isIntact("pause")));
});

test("a run that was killed between the record and the program leaves nothing that is used", async () => {
  const path = await place("the old program");
  const record = await readFile(`${path}.json`, "utf8");
  await place("the newer program");
  const newer = await readFile(`${path}.json`, "utf8");
  await writeFile(path, "the old program");
  assert.notEqual(record, newer);
  assert.equal(await cachedTool("pause"), undefined);
});

test("versions placed long ago go, and those of other checkouts stay", async () => {
  const tools = join(folder, "slipway", "tools", "pause");
  const [old, recent] = ["0.0.1-abc", "0.0.2-def"];
  for (const version of [old, recent]) await mkdir(join(tools, version), { recursive: true });
  const longAgo = new Date(Date.now() - 31 * 24 * 3600 * 1000);
  await utimes(join(tools, old), longAgo, longAgo);
  await place();
  const left = await readdir(tools);
  assert.ok(left.includes(recent));
  assert.ok(!left.includes(old));
});

test("the engine lies where the npm package pulumi looks for it", async () => {
  const file = join(folder, "engine");
  await writeFile(file, "the engine", { mode: 0o755 });
  await linkForPulumi("pulumi", file);
  const wrapper = join(root, "node_modules", "pulumi", "lib", "resolve.js");
  const { resolve } = createRequire(import.meta.url)(wrapper);
  const install = () => assert.fail("the wrapper would download its own");
  const found = await resolve({ install });
  assert.equal(await readFile(found, "utf8"), "the engine");
  assert.ok(found.startsWith(join(folder, "pulumi")));
});

test("a plugin's link follows the program, and an unchanged one stays", async () => {
  const name = "pulumi-resource-kubernetes";
  const target = join(folder, "pulumi", manifest[name].pulumiPath ?? "");
  const file = join(folder, name);
  for (const text of ["one", "another"]) {
    await rm(file, { force: true });
    await writeFile(file, text, { mode: 0o755 });
    await linkForPulumi(name, file);
    assert.equal(await readFile(target, "utf8"), text);
    assert.ok((await stat(target)).mode & 0o100);
  }
  const before = (await stat(target)).ino;
  await linkForPulumi(name, file);
  assert.equal((await stat(target)).ino, before);
  assert.deepEqual(await readdir(dirname(target)), [name]);
});

test("a tool that Pulumi does not look for is left where it is", async () => {
  await linkForPulumi("pause", join(folder, "no such file"));
});
