import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { getObject } from "../testing/cluster.ts";
import { makeWorkspace, succeed, type Workspace } from "../testing/workspace.ts";

const stackValues = "stacks/dev/values.yaml";

test("deployments that are killed at any moment are made up for by the next one", async (t) => {
  const workspace = await makeWorkspace(t);
  await succeed(workspace, ["build", "fastapi-agent"]);

  await t.test("the first deployment, killed eight times, comes through", async () => {
    await killAtRandom(workspace, 8, 6000);
    await converges(workspace);
  });

  await t.test("changes, killed twelve times, end at the last of them", async () => {
    for (const level of ["INFO", "WARNING", "ERROR"]) {
      await setLevel(workspace, level);
      await killAtRandom(workspace, 4, 6000);
      await converges(workspace);
    }
  });

  await t.test("of five deployments at once one runs, and the others say who does", async () => {
    await setLevel(workspace, "DEBUG");
    const running = Array.from({ length: 5 }, () => workspace.start(["deploy", "dev"]).ended);
    const outcomes = await Promise.all(running);
    const codes = outcomes.map(({ code }) => code).sort();
    assert.deepEqual(codes, [0, 3, 3, 3, 3], outcomes.map(({ stderr }) => stderr).join("\n"));
    for (const { code, stderr } of outcomes) {
      if (code === 3) assert.match(stderr, /has the stack since .* \(process \d+\)/);
    }
    await converges(workspace);
  });
});

/** Starts deployments and kills each, with no chance to end in order, after a random time. */
async function killAtRandom(
  workspace: Workspace,
  times: number,
  milliseconds: number,
): Promise<void> {
  for (let time = 0; time < times; time++) {
    const running = workspace.start(["deploy", "dev"]);
    const moment = Math.round(Math.random() * milliseconds);
    const ended = await Promise.race([
      running.ended,
      setTimeout(moment, undefined, { ref: false }),
    ]);
    if (ended !== undefined) {
      assert.equal(ended.code, 0, `it failed before ${moment} ms\n${ended.stderr}`);
      continue;
    }
    process.kill(running.pid, "SIGKILL");
    await running.ended;
  }
}

/** One more deployment, with nobody's help, leaves the stack as its files say and nothing else. */
async function converges(workspace: Workspace): Promise<void> {
  await succeed(workspace, ["deploy", "dev"]);
  await succeed(workspace, ["drift", "dev"]);
  assert.match((await succeed(workspace, ["deploy", "dev"])).stdout, /dev is unchanged/);
  const namespace = `--namespace=${workspace.namespace("dev")}`;
  const { spec } = await getObject("deployment", "fastapi-agent", namespace);
  assert.equal(spec.selector.matchLabels["app.kubernetes.io/instance"], "fastapi-agent");
  const left = await readdir(join(workspace.folder, ".slipway"), { recursive: true });
  assert.deepEqual(
    left.filter((path) => /^locks\/dev$|\/locks\/.*\.json$/.test(path)),
    [],
  );
}

async function setLevel(workspace: Workspace, level: string): Promise<void> {
  await workspace.edit(stackValues, /LOG_LEVEL: \w+/, `LOG_LEVEL: ${level}`);
}
