import assert from "node:assert/strict";
import { test } from "node:test";
import { getObject } from "../testing/cluster.ts";
import { makeWorkspace, succeed, type Workspace } from "../testing/workspace.ts";

const agent = "fastapi-agent";
const packageFile = `infra/packages/${agent}/package.yaml`;
const main = `infra/packages/${agent}/app/agent/__main__.py`;
const echo = `infra/packages/${agent}/app/agent/models/echo.py`;
const values = `stacks/staging/${agent}/values.yaml`;
const promote = ["promote", agent, "--to", "staging"];

test("a release that fails gives way to the last good one", async (t) => {
  const workspace = await makeWorkspace(t);
  await succeed(workspace, ["build", agent]);
  await succeed(workspace, ["deploy", "dev"]);
  await succeed(workspace, ["verify", "dev"]);
  await succeed(workspace, promote);
  await succeed(workspace, ["deploy", "staging"]);
  await succeed(workspace, ["verify", "staging"]);
  const good = await pods(workspace);
  const release = await workspace.read(`stacks/staging/${agent}/release.json`);

  await t.test("a bad image is rolled back at once, and never comes again", async () => {
    await workspace.edit(main, /^/, 'raise SystemExit("broken on purpose")\n');
    await workspace.edit(packageFile, "version: 1.0.0", "version: 1.1.0");
    await succeed(workspace, ["build", agent]);
    assert.equal((await workspace.slipway(promote)).code, 3);
    const hotfix = [...promote, "--hotfix", "--reason", "a test"];
    assert.match((await succeed(workspace, hotfix)).stdout, /still to be verified in dev/);
    const failed = await workspace.slipway(["deploy", "staging"]);
    assert.equal(failed.code, 2);
    assert.match(failed.stderr, /broken on purpose/);
    assert.match(failed.stderr, /was rolled back to 1\.0\.0 .* 1\.1\.0 is in quarantine/);
    assert.deepEqual(await pods(workspace), good);
    assert.equal(await workspace.read(`stacks/staging/${agent}/release.json`), release);
    const again = await workspace.slipway(hotfix);
    assert.equal(again.code, 3);
    assert.match(again.stderr, /1\.1\.0 is in quarantine since it failed in staging/);
  });

  await t.test("the next good release is let in", async () => {
    await workspace.edit(main, 'raise SystemExit("broken on purpose")\n', "# Mended.\n");
    await workspace.edit(packageFile, "version: 1.1.0", "version: 1.2.0");
    await succeed(workspace, ["build", agent]);
    await succeed(workspace, ["deploy", "dev"]);
    await succeed(workspace, ["verify", "dev"]);
    await workspace.edit(values, /$/, "\nconfig: { LOG_LEVEL: WARNING }\n");
    await succeed(workspace, promote);
    await succeed(workspace, ["deploy", "staging"]);
    assert.notDeepEqual(await pods(workspace), good);
  });

  await t.test("a rollback by hand brings back image, settings and secrets by name", async () => {
    const { stdout } = await succeed(workspace, ["rollback", "staging", agent]);
    assert.match(stdout, /runs fastapi-agent 1\.0\.0 again; it got back: image, config/);
    assert.deepEqual(await pods(workspace), good);
    const history = (await succeed(workspace, ["history", "staging"])).stdout;
    const kinds = [...history.matchAll(/fastapi-agent {2}(\S+) /g)].map(([, kind]) => kind);
    assert.deepEqual(kinds, [
      ...["promoted", "deployed", "eval", "verified"],
      ...["hotfix", "deployed", "quarantined", "rolled-back", "deployed"],
      ...["promoted", "deployed", "quarantined", "rolled-back", "deployed"],
    ]);
    assert.match(history, /3 releases, 2 of them failed/);
  });

  await t.test("a release that answers worse than the gate asks is rolled back too", async () => {
    await workspace.edit(
      "stacks/pipeline.yaml",
      "cluster: local\n    quota:",
      "cluster: local\n    gates: { evals: { answer-quality: { minimum: 0.9 } } }\n    quota:",
    );
    await succeed(workspace, ["verify", "staging"]);
    await workspace.edit(echo, "*prompt.split()]", "*prompt.split()[:1]]");
    await workspace.edit(packageFile, "version: 1.2.0", "version: 1.3.0");
    await succeed(workspace, ["build", agent]);
    await succeed(workspace, ["deploy", "dev"]);
    await succeed(workspace, ["verify", "dev"]);
    await succeed(workspace, promote);
    await succeed(workspace, ["deploy", "staging"]);
    const { code, stdout } = await workspace.slipway(["verify", "staging"]);
    assert.equal(code, 3);
    assert.match(stdout, /answer-quality is 0, at least 0\.9 is needed/);
    assert.match(stdout, /was rolled back to 1\.0\.0 .* 1\.3\.0 is in quarantine/);
    assert.deepEqual(await pods(workspace), good);
    const refused = await workspace.slipway(promote);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /1\.3\.0 is in quarantine since it failed in staging/);
  });
});

/** What new pods of staging would be, and so the names of their ConfigMap and Secret. */
async function pods(workspace: Workspace): Promise<unknown> {
  const namespace = `--namespace=${workspace.namespace("staging")}`;
  const { spec } = await getObject("deployment", agent, namespace);
  return spec.template;
}
