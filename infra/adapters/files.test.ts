import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readIfExists, writeAtomically } from "./files.ts";
import { run } from "./process.ts";
import { runChild } from "./testing/child.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test("a file is written for its owner only, in folders for their owner only", async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, "new", "file");
  await writeAtomically(path, "text");
  assert.equal(await readFile(path, "utf8"), "text");
  assert.equal(await modeOf(path), 0o600);
  assert.equal(await modeOf(join(folder, "new")), 0o700);
});

test("the mode is that of the new file, whatever the old one had", async (t) => {
  const path = join(await temporaryFolder(t), "file");
  await writeFile(path, "old", { mode: 0o644 });
  await writeAtomically(path, "secret");
  assert.equal(await modeOf(path), 0o600);
  await writeAtomically(path, "public", 0o644);
  assert.equal(await modeOf(path), 0o644);
});

test("a write that fails keeps the old content and leaves nothing behind", async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, "taken"));
  await assert.rejects(writeAtomically(join(folder, "taken"), "text"));
  assert.deepEqual(await readdir(folder), ["taken"]);
});

test("writers at once and a kill in between never leave a mixture", async (t) => {
  const path = join(await temporaryFolder(t), "file");
  const versions = [0, 1].map((value) => Buffer.alloc(200_000, value).toString("hex"));
  await writeAtomically(path, versions[0] ?? "");
  const writer = `
    const { writeAtomically } = await load("infra/adapters/files.ts");
    const versions = [0, 1].map((value) => Buffer.alloc(200_000, value).toString("hex"));
    for (let round = 0; ; round++) {
      await writeAtomically(process.env.FILE, versions[round % 2]);
      if (round === 0) console.log("writing");
    }
  `;
  const env = { ...process.env, FILE: path };
  const writers = [runChild(t, writer, { env }), runChild(t, writer, { env })];
  await Promise.all(writers.map((one) => one.printed("writing")));
  for (let reads = 0; reads < 50; reads++) {
    assert.ok(versions.includes(await readFile(path, "utf8")));
  }
  for (const one of writers) one.process.kill("SIGKILL");
  await Promise.all(writers.map((one) => one.ended()));
  assert.ok(versions.includes(await readFile(path, "utf8")));
});

test("a file that is not there has no text", async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal(await readIfExists(join(folder, randomBytes(4).toString("hex"))), undefined);
  await writeFile(join(folder, "file"), "");
  assert.equal(await readIfExists(join(folder, "file", "below")), undefined);
});

const notText: readonly (readonly [string, (path: string) => unknown, RegExp])[] = [
  ["a folder", (path) => mkdir(path), /: is a folder$/],
  ["a pipe", (path) => run("mkfifo", [path]), /: is no file$/],
  ["a device", (path) => symlink("/dev/zero", path), /: is no file$/],
  ["a link to nothing", (path) => symlink("nowhere", path), /: is a link to nothing$/],
  ["a link to itself", (path) => symlink("file", path), /: cannot be read \(ELOOP\)$/],
  [
    "bytes that are no UTF-8",
    (path) => writeFile(path, "a: é\n\xff", "latin1"),
    /:1: is not UTF-8/,
  ],
  [
    "a character cut off",
    (path) => writeFile(path, Buffer.from("ä\né").subarray(0, 4)),
    /:2: is not/,
  ],
  [
    "more than anybody writes",
    (path) => writeFile(path, "x").then(() => truncate(path, 2 ** 40)),
    /16 MiB/,
  ],
];

for (const [what, make, message] of notText) {
  test(`${what} is refused as what it is`, async (t) => {
    const path = join(await temporaryFolder(t), "file");
    await make(path);
    await assert.rejects(readIfExists(path), { code: "invalid-input", message });
  });
}

test("a text is read as it is, with a byte order mark and a replacement character", async (t) => {
  const path = join(await temporaryFolder(t), "file");
  const text = "\ufeffa: \ufffd\r\n\0";
  await writeFile(path, text);
  assert.equal(await readIfExists(path), text);
});
