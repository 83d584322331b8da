import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "./process.ts";
import { ownCheckout } from "./testing/checkout.ts";

const checkout = await ownCheckout();
const { changesSince, commitOnBranch, newerCommit, sourceCommit, textAt } = await import(
  "./git.ts"
);

const git = async (...args: string[]) =>
  (await run("git", args, { cwd: checkout })).stdout.trimEnd();

await mkdir(join(checkout, "stacks"));
await writeFile(join(checkout, "stacks/a"), "a\n");

test("without a repository, sources have no commit", async () => {
  assert.equal(await sourceCommit("stacks"), undefined);
  await git("init", "--quiet");
  assert.equal(await sourceCommit("stacks"), undefined);
});

test("a commit counts only while a folder is as it was committed", async () => {
  await git("config", "user.name", "t");
  await git("config", "user.email", "t@example.com");
  await git("add", "stacks");
  await git("commit", "--quiet", "-m", "first");
  const head = await git("rev-parse", "HEAD");
  assert.equal(await sourceCommit("stacks"), head);
  await writeFile(join(checkout, "elsewhere"), "");
  assert.equal(await sourceCommit("stacks"), head);
  await writeFile(join(checkout, "stacks/a"), "b\n");
  assert.equal(await sourceCommit("stacks"), undefined);
});

test("a branch gets one commit, and nothing that is checked out changes", async () => {
  const before = await git("status", "--porcelain", "--branch");
  await commitOnBranch("promote", "Release it", [{ path: "stacks/new/b", text: "b\n" }], "x");
  assert.equal(await git("status", "--porcelain", "--branch"), before);
  assert.equal(await git("diff", "--name-status", "HEAD", "promote"), "A\tstacks/new/b");
  assert.equal(await git("log", "--format=%s", "HEAD..promote"), "Release it");
  assert.equal(await readFile(join(checkout, "stacks/a"), "utf8"), "b\n");
  await assert.rejects(commitOnBranch("promote", "Again", [], "x"), /already exists/);
});

test("what a branch changed is told from where it left the other one", async () => {
  await git("add", "stacks");
  await git("commit", "--quiet", "-m", "second");
  await git("switch", "--quiet", "--create", "change");
  await mkdir(join(checkout, "stacks/dev/é"), { recursive: true });
  await writeFile(join(checkout, "stacks/dev/é/release.json"), "{}\n");
  await git("add", "stacks");
  await git("commit", "--quiet", "-m", "release");
  const { from, paths } = await changesSince("promote");
  assert.deepEqual(paths, ["stacks/a", "stacks/dev/é/release.json"]);
  assert.equal(await textAt(from, "stacks/a"), "a");
  assert.equal(await textAt(from, "stacks/dev/é/release.json"), undefined);
  await assert.rejects(changesSince("nowhere"), { code: "unknown-base" });
});

test("a newer commit counts when it changed what is asked for", async () => {
  const releases = ["stacks/dev/*/release.json"];
  const remote = join(checkout, ".git");
  await assert.rejects(newerCommit("origin/change", releases), { code: "no-newest" });
  await git("remote", "add", "origin", remote);
  const newest = await git("rev-parse", "HEAD");
  assert.equal(await newerCommit("origin/change", releases), undefined);
  await git("switch", "--quiet", "--detach", "HEAD~");
  assert.equal(await newerCommit("origin/change", releases), newest);
  assert.equal(await newerCommit("origin/change", ["stacks/prod/*/release.json"]), undefined);
  assert.equal(await newerCommit("origin/promote", ["stacks"]), undefined);
});
