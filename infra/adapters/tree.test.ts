import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { writeTree } from "./tree.ts";

async function folderIn(t: TestContext) {
  const outside = await temporaryFolder(t);
  return { outside, folder: join(outside, "out") };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

test("a second tree replaces the first, and leaves what others put there", async (t) => {
  const { folder } = await folderIn(t);
  await writeTree(folder, { "a.yaml": "1", "b/c.yaml": "2", "d/e/f.yaml": "3" });
  await writeFile(join(folder, "b", "note.md"), "mine");
  const changes = await writeTree(folder, { "a.yaml": "1", "b/d.yaml": "4" });
  assert.deepEqual(changes, { written: ["b/d.yaml"], removed: ["b/c.yaml", "d/e/f.yaml"] });
  assert.deepEqual(await filesIn(folder), ["a.yaml", "b/d.yaml", "b/note.md"]);
  assert.deepEqual(await readdir(folder), [".slipway-files", "a.yaml", "b"]);
});

test("the same tree again touches no file", async (t) => {
  const { folder } = await folderIn(t);
  await writeTree(folder, { "a.yaml": "1" });
  const mark = async () => {
    const { ino, mtimeNs } = await stat(join(folder, "a.yaml"), { bigint: true });
    return { ino, mtimeNs };
  };
  const before = await mark();
  assert.deepEqual(await writeTree(folder, { "a.yaml": "1" }), { written: [], removed: [] });
  assert.deepEqual(await mark(), before);
});

test("a file of somebody else in the way is refused by name, before anything changes", async (t) => {
  const { folder } = await folderIn(t);
  await mkdir(folder);
  await writeFile(join(folder, "b.yaml"), "mine");
  await assert.rejects(writeTree(folder, { "a.yaml": "1", "b.yaml": "2" }), {
    code: "foreign-files",
    message: /: b\.yaml$/,
  });
  assert.deepEqual(await filesIn(folder), ["b.yaml"]);
});

test("nothing is written or removed outside the folder, by a path or through a link", async (t) => {
  const { folder, outside } = await folderIn(t);
  await writeFile(join(outside, "mine"), "mine");
  for (const path of ["../mine", "/mine", "a/../../mine", "a//b", "", ".", "a/./b", "\u0000"]) {
    await assert.rejects(writeTree(folder, { [path]: "x" }), { code: "foreign-files" });
  }
  await mkdir(folder);
  await symlink(outside, join(folder, "link"));
  await assert.rejects(writeTree(folder, { "link/mine": "x" }), { code: "foreign-files" });
  await writeFile(join(folder, ".slipway-files"), "../mine\n/mine\nlink/mine\n");
  await assert.rejects(writeTree(folder, { "a.yaml": "x" }), { code: "foreign-files" });
  await writeFile(join(folder, ".slipway-files"), "../mine\n/mine\n");
  await writeTree(folder, { "a.yaml": "x" });
  assert.equal(await readFile(join(outside, "mine"), "utf8"), "mine");
});

test("a file of ours that became a link or a folder is not followed", async (t) => {
  const { folder, outside } = await folderIn(t);
  await writeTree(folder, { "a.yaml": "1" });
  await writeFile(join(folder, ".slipway-files"), "a.yaml\nb.yaml\nc\n");
  await symlink(join(outside, "mine"), join(folder, "b.yaml"));
  await mkdir(join(folder, "c"));
  await assert.rejects(writeTree(folder, { "b.yaml": "x", c: "x" }), { message: /: b\.yaml, c$/ });
});
