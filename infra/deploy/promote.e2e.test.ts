import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../adapters/process.ts";
import { getObject } from "../testing/cluster.ts";
import { makeWorkspace, succeed, type Workspace } from "../testing/workspace.ts";

const agent = "fastapi-agent";
const packageFile = `infra/packages/${agent}/package.yaml`;
const releaseFile = (environment: string) => `stacks/${environment}/${agent}/release.json`;

test("two releases go from dev to prod, each past its gates", async (t) => {
  const workspace = await makeWorkspace(t);
  const release = async (environment: string) =>
    JSON.parse(await workspace.read(releaseFile(environment)));
  const promote = (to: string) => workspace.slipway(["promote", agent, "--to", to]);

  await t.test("nothing is promoted before it was verified, and nothing is written", async () => {
    await succeed(workspace, ["build", agent]);
    await succeed(workspace, ["deploy", "dev"]);
    const refused = await promote("staging");
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /1\.0\.0 was never verified in dev/);
    assert.match(refused.stderr, /next: {2}npx slipway verify dev/);
    assert.ok(!existsSync(join(workspace.folder, releaseFile("staging"))));
  });

  await t.test(
    "a verified release goes on, with the same image and other settings, from a clone too",
    async () => {
      await succeed(workspace, ["verify", "dev"]);
      const { stdout } = await succeed(workspace, ["promote", agent, "--to", "staging"]);
      assert.match(stdout, /next: npx slipway deploy staging/);
      const [dev, staging] = [await release("dev"), await release("staging")];
      assert.equal(staging.image, dev.image);
      assert.equal(staging.contents, dev.contents);
      assert.notEqual(staging.config, dev.config);
      const own = [`stacks/dev/${agent}/evidence.json`, releaseFile("dev")];
      const texts = await Promise.all(own.map(workspace.read));
      await Promise.all(own.map(workspace.remove));
      await succeed(workspace, ["deploy", "staging"]);
      assert.equal(await runningImage(workspace, "staging"), dev.image);
      await Promise.all(own.map((file, index) => workspace.write(file, texts[index] ?? "")));
    },
  );

  await t.test("a byte that is changed in a release is refused", async () => {
    const text = await workspace.read(releaseFile("staging"));
    await workspace.edit(releaseFile("staging"), '"version": "1.0.0"', '"version": "1.0.1"');
    for (const command of ["deploy", "render"]) {
      const refused = await workspace.slipway([command, "staging"]);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /staging\/fastapi-agent\/release\.json:\d+:\d+: .*was changed/);
    }
    await workspace.write(releaseFile("staging"), text);
  });

  await t.test("a release that skips an environment is refused by the deployment too", async () => {
    assert.equal((await promote("prod")).code, 3);
    await workspace.write(releaseFile("prod"), await workspace.read(releaseFile("staging")));
    const refused = await workspace.slipway(["deploy", "prod"]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /never verified in staging/);
    await workspace.remove(releaseFile("prod"));
  });

  await t.test("verified in staging, it reaches prod", async () => {
    await succeed(workspace, ["verify", "staging"]);
    await succeed(workspace, ["promote", agent, "--to", "prod"]);
    await succeed(workspace, ["deploy", "prod"]);
    assert.equal(await runningImage(workspace, "prod"), (await release("dev")).image);
    const entries = JSON.parse(await workspace.read(`stacks/prod/${agent}/evidence.json`)).entries;
    assert.deepEqual(
      entries.map(({ kind }: { kind: string }) => kind),
      ["promoted", "deployed"],
    );
  });

  await t.test("while dev moves on, prod stays what was released to it", async () => {
    const before = await release("prod");
    await workspace.edit(packageFile, "version: 1.0.0", "version: 1.1.0");
    await workspace.edit(packageFile, "concurrencyPerPod: ", "concurrencyPerPod: 1");
    await workspace.edit(`stacks/prod/${agent}/values.yaml`, "max: 6", "max: 5");
    await succeed(workspace, ["build", agent]);
    await succeed(workspace, ["deploy", "dev"]);
    assert.equal((await release("dev")).version, "1.1.0");
    const { stdout } = await succeed(workspace, ["deploy", "prod", "--json"]);
    assert.deepEqual(JSON.parse(stdout).changes, []);
    assert.deepEqual(await release("prod"), before);
  });

  await t.test("a promotion can be proposed on a branch, with nothing changed here", async () => {
    await succeed(workspace, ["verify", "dev"]);
    const before = await release("staging");
    const git = async (...args: string[]) =>
      (await run("git", args, { cwd: workspace.folder })).stdout;
    await git("init", "--quiet");
    await git("config", "user.name", "t");
    await git("config", "user.email", "t@example.com");
    await git("add", "stacks");
    await git("commit", "--quiet", "-m", "as it is");
    const { stdout } = await succeed(workspace, [
      ...["promote", agent, "--to", "staging", "--pr", "--json"],
    ]);
    const { branch } = JSON.parse(stdout);
    assert.deepEqual(await release("staging"), before);
    const changed = (await git("diff", "--name-only", "HEAD", branch)).trim().split("\n");
    assert.ok(changed.includes(releaseFile("staging")));
    assert.ok(changed.every((path) => path.startsWith(`stacks/staging/${agent}/`)));
    const main = (await git("branch", "--show-current")).trim();
    const gate = ["gate", "--base", main];
    assert.match((await succeed(workspace, gate)).stdout, /nothing is released by this/);
    await git("switch", "--quiet", branch);
    const passed = await succeed(workspace, gate);
    assert.match(passed.stdout, /this may be released to staging:\n {2}fastapi-agent 1\.1\.0/);
    // A release that is written by hand comes without what says where it was verified.
    await git("checkout", "--quiet", main, "--", `stacks/staging/${agent}/evidence.json`);
    await git("commit", "--quiet", "-m", "by hand");
    const refused = await workspace.slipway(gate);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /order: nothing in .* says how 1\.1\.0 came to staging/);
    await git("switch", "--quiet", main);
  });

  await t.test("the second release follows the first", async () => {
    const { stdout } = await succeed(workspace, ["promote", agent, "--to", "staging"]);
    assert.match(stdout, /fastapi-agent 1\.1\.0 goes from dev to staging/);
    await succeed(workspace, ["deploy", "staging"]);
    assert.equal(await runningImage(workspace, "staging"), (await release("dev")).image);
  });
});

async function runningImage(workspace: Workspace, environment: string): Promise<string> {
  const namespace = `--namespace=${workspace.namespace(environment)}`;
  const { spec } = await getObject("deployment", agent, namespace);
  return spec.template.spec.containers[0].image;
}
