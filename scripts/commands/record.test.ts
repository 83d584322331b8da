import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../infra/adapters/process.ts";
import { renderEvidence } from "../../infra/domain/evidence/evidence.ts";
import { renderRelease } from "../../infra/domain/release/release.ts";
import { at, sampleLog, sampleRelease } from "../../infra/domain/test/sample-release.ts";
import { copyCheckout, succeed, type Workspace } from "../../infra/testing/workspace.ts";

const release = sampleRelease("one");
const folder = "stacks/staging/fastapi-agent";

test("what an environment runs is recorded on top of whatever the branch is at", async (t) => {
  const remote = await mkdtemp(join(tmpdir(), "slipway-remote-"));
  t.after(() => rm(remote, { recursive: true, force: true }));
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  const [one, other] = [await clone(t, remote), await clone(t, remote)];

  await write(one, 1);
  const { stdout } = await succeed(one, ["record", "staging"]);
  assert.match(stdout, /origin\/main has what staging runs: [0-9a-f]{12}/);
  assert.equal(
    await git(one, "status", "--porcelain", folder),
    `?? ${folder}/evidence.json\n?? ${folder}/release.json`,
  );
  assert.match((await succeed(one, ["record", "staging"])).stdout, /knows all of staging already/);

  // Another change reached the branch in the meantime; it stays.
  await other.write("elsewhere", "x\n");
  await git(other, "pull", "--quiet", "origin", "main");
  await git(other, "add", "elsewhere");
  await git(other, "commit", "--quiet", "-m", "elsewhere");
  await git(other, "push", "--quiet", "origin", "HEAD:main");
  await write(one, 2);
  await succeed(one, ["record", "staging"]);
  const names = await git(one, "ls-tree", "-r", "--name-only", "FETCH_HEAD");
  assert.match(names, /^elsewhere$/m);

  await git(other, "fetch", "--quiet", "origin", "main");
  const log = await git(other, "show", `FETCH_HEAD:${folder}/evidence.json`);
  assert.equal(`${log}\n`, await one.read(`${folder}/evidence.json`));
  assert.match(
    await git(other, "log", "-1", "--format=%B", "FETCH_HEAD"),
    /^Record what staging runs\n\nfastapi-agent: deployed, passed, /,
  );
});

test("what another run changed since is not overwritten", async (t) => {
  const remote = await mkdtemp(join(tmpdir(), "slipway-remote-"));
  t.after(() => rm(remote, { recursive: true, force: true }));
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  const [one, other] = [await clone(t, remote), await clone(t, remote)];
  await write(one, 1);
  await succeed(one, ["record", "staging"]);
  await write(other, 1, "somebody else");
  const refused = await other.slipway(["record", "staging"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /evidence\.json was changed on main since the commit/);
});

test("an environment that git ignores is kept on a branch of its own, and comes back", async (t) => {
  const remote = await mkdtemp(join(tmpdir(), "slipway-remote-"));
  t.after(() => rm(remote, { recursive: true, force: true }));
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  const [one, other] = [await clone(t, remote), await clone(t, remote)];
  const branch = ["--branch", "origin/slipway-dev"];
  assert.match((await succeed(one, ["recall", "dev", ...branch])).stdout, /0 files/);
  const file = "stacks/dev/fastapi-agent/release.json";
  await one.write(file, renderRelease(release));
  await succeed(one, ["record", "dev", ...branch]);
  assert.match(
    (await succeed(other, ["recall", "dev", ...branch])).stdout,
    /1 files\n {2}stacks\/dev/,
  );
  assert.equal(await other.read(file), await one.read(file));
  const unknown = await one.slipway(["record", "deu", ...branch]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no environment "deu"; did you mean "dev"/);
  const odd = await one.slipway(["record", "dev", "--branch", "main"]);
  assert.match(odd.stderr, /"main" is not a remote and a branch\nnext: {2}such as origin\/main/);
});

async function clone(t: Parameters<typeof copyCheckout>[0], remote: string): Promise<Workspace> {
  const workspace = await copyCheckout(t);
  await git(workspace, "init", "--quiet", "--initial-branch=main");
  await git(workspace, "config", "user.name", "t");
  await git(workspace, "config", "user.email", "t@example.com");
  await git(workspace, "remote", "add", "origin", remote);
  const isNew = (await git(workspace, "ls-remote", "origin", "main")) === "";
  if (isNew) {
    await git(workspace, "add", "stacks", ".gitignore");
    await git(workspace, "commit", "--quiet", "-m", "as it is");
    await git(workspace, "push", "--quiet", "origin", "main");
  } else {
    await git(workspace, "fetch", "--quiet", "origin", "main");
    await git(workspace, "reset", "--quiet", "--mixed", "FETCH_HEAD");
  }
  return workspace;
}

async function git({ folder: cwd }: Workspace, ...args: string[]): Promise<string> {
  return (await run("git", args, { cwd })).stdout.trimEnd();
}

/** A release, and how often it was deployed. */
async function write(workspace: Workspace, times: number, by = "a test"): Promise<void> {
  const log = sampleLog(
    "staging",
    Array.from({ length: times }, (_, minute) => [minute, "deployed", release, { by }] as const),
  );
  assert.equal(log[0]?.at, at(0));
  await workspace.write(`${folder}/release.json`, renderRelease(release));
  await workspace.write(`${folder}/evidence.json`, renderEvidence(log));
}
