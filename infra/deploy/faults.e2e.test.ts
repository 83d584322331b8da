import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "../adapters/sha256.ts";
import { readCluster } from "../cluster/record.ts";
import { parseRelease } from "../domain/release/parse.ts";
import { renderRelease, sealRelease } from "../domain/release/release.ts";
import { getObject, kubectl } from "../testing/cluster.ts";
import { makeWorkspace, succeed, type Workspace } from "../testing/workspace.ts";

const stackValues = "stacks/dev/values.yaml";
const releaseFile = "stacks/dev/fastapi-agent/release.json";
const packageFile = "infra/packages/fastapi-agent/package.yaml";

/** Sooner than what follows from the startup budget, which leaves time for placing a pod. */
const deadline = "overrides: { progressDeadlineSeconds: 15 }\n";

test("a running stack survives everything that a bad deployment can be", async (t) => {
  const workspace = await makeWorkspace(t);
  const namespace = workspace.namespace("dev");
  await succeed(workspace, ["build", "fastapi-agent"]);
  await succeed(workspace, ["deploy", "dev"]);
  const good = await snapshot(workspace);

  await t.test("misspelt keys are all told at once, with file and line", async () => {
    await workspace.edit(stackValues, "labels:", "lables:");
    await workspace.edit("stacks/dev/fastapi-agent/values.yaml", "min: 2", "minimum: 2");
    const outcome = await workspace.slipway(["deploy", "dev"]);
    await workspace.edit(stackValues, "lables:", "labels:");
    await workspace.edit("stacks/dev/fastapi-agent/values.yaml", "minimum: 2", "min: 2");
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /stacks\/dev\/values\.yaml:\d+:\d+: .*"lables".*"labels"/);
    assert.match(
      outcome.stderr,
      /stacks\/dev\/fastapi-agent\/values\.yaml:\d+:\d+: .*"replicas\.minimum"/,
    );
  });

  await t.test("a wrong passphrase is refused before the cluster is called", async () => {
    await workspace.write(".slipway/passphrase.other", "not the one", 0o600);
    const outcome = await workspace.slipway(["deploy", "dev"], {
      PULUMI_CONFIG_PASSPHRASE_FILE: join(workspace.folder, ".slipway/passphrase.other"),
    });
    assert.equal(outcome.code, 2);
    assert.match(
      outcome.stderr,
      /is not the one that stacks\/Pulumi\.dev\.yaml was encrypted with/,
    );
    assert.deepEqual(await snapshot(workspace), good);
  });

  await t.test("an API server that is down is told at once and changes no state", async () => {
    const outcome = await workspace.slipway(["deploy", "dev"], await deadServer(workspace));
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /API server https:\/\/127\.0\.0\.1:9 cannot be reached/);
    assert.match(outcome.stderr, /next: {2}npx slipway cluster up/);
    assert.deepEqual(await snapshot(workspace), good);
  });

  await t.test(
    "an image that its registry does not have is refused before anything changes",
    async () => {
      const release = await workspace.read(releaseFile);
      const built = parseRelease(releaseFile, release, sha256);
      const image = built.image.replace(/\w{64}$/, "0".repeat(64));
      await workspace.write(releaseFile, renderRelease(sealRelease({ ...built, image }, sha256)));
      const outcome = await workspace.slipway(["deploy", "dev"]);
      assert.equal(outcome.code, 2);
      assert.match(outcome.stderr, /is not in its registry/);
      assert.match(outcome.stderr, /next: {2}npx slipway build fastapi-agent/);
      assert.deepEqual(await snapshot(workspace), good);
      await workspace.write(releaseFile, release);
    },
  );

  await t.test(
    "pods that crash are told with their last log lines; the old ones serve on",
    async () => {
      await workspace.edit(stackValues, "LOG_LEVEL: DEBUG", "LOG_LEVEL: DEBUG\n  API_TIMEOUT: 90m");
      const outcome = await workspace.slipway(["deploy", "dev"]);
      assert.equal(outcome.code, 2);
      assert.match(outcome.stderr, /last lines of its log:\n.*API_TIMEOUT/s);
      assert.equal(await answer(workspace), 200);
    },
  );

  await t.test("deploying the broken release again says so again", async () => {
    const outcome = await workspace.slipway(["deploy", "dev"]);
    await workspace.edit(stackValues, "\n  API_TIMEOUT: 90m", "");
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /API_TIMEOUT/);
    await succeed(workspace, ["deploy", "dev"]);
  });

  await t.test(
    "pods that never get ready fail at their deadline; the old ones serve on",
    async () => {
      await workspace.edit(packageFile, "ready: /health/ready", "ready: /health/never");
      await workspace.edit(packageFile, "startupBudgetSeconds: 60", "startupBudgetSeconds: 5");
      await workspace.edit(stackValues, "labels:", `${deadline}labels:`);
      const outcome = await workspace.slipway(["deploy", "dev"]);
      assert.equal(outcome.code, 2);
      assert.match(outcome.stderr, /never became ready/);
      assert.equal(await answer(workspace), 200);
      await workspace.edit(packageFile, "ready: /health/never", "ready: /health/ready");
      await workspace.edit(packageFile, "startupBudgetSeconds: 5", "startupBudgetSeconds: 60");
      await workspace.edit(stackValues, deadline, "");
      await succeed(workspace, ["deploy", "dev"]);
    },
  );

  await t.test("Ctrl-C during a deployment ends it cleanly, and the next one goes on", async () => {
    await workspace.edit(stackValues, "LOG_LEVEL: DEBUG", "LOG_LEVEL: WARNING");
    const running = workspace.start(["deploy", "dev"]);
    await running.said("new pods ready");
    process.kill(running.pid, "SIGINT");
    assert.equal((await running.ended).code, 130);
    await succeed(workspace, ["deploy", "dev"]);
    assert.deepEqual(await engineLocks(workspace), []);
  });

  await t.test("a deployment that is killed leaves nothing that stops the next one", async () => {
    await workspace.edit(stackValues, "LOG_LEVEL: WARNING", "LOG_LEVEL: ERROR");
    const running = workspace.start(["deploy", "dev"]);
    await running.said("new pods ready");
    process.kill(running.pid, "SIGKILL");
    await running.ended;
    await succeed(workspace, ["deploy", "dev"]);
    assert.equal(await answer(workspace), 200);
    assert.deepEqual(await engineLocks(workspace), []);
  });

  await t.test("of two deployments at once one runs and the other is refused", async () => {
    await workspace.edit(stackValues, "LOG_LEVEL: ERROR", "LOG_LEVEL: INFO");
    const first = workspace.start(["deploy", "dev"]);
    await first.said("new pods ready");
    const second = await workspace.slipway(["deploy", "dev"]);
    assert.equal(second.code, 3);
    assert.match(second.stderr, /deploy dev has the stack since .* \(process \d+\)/);
    assert.equal((await first.ended).code, 0);
  });

  await t.test(
    "an object of the same name that somebody else made is not lost unseen",
    async () => {
      await kubectl("delete", "poddisruptionbudget", "fastapi-agent", `--namespace=${namespace}`);
      await kubectl(
        "create",
        "poddisruptionbudget",
        "fastapi-agent",
        `--namespace=${namespace}`,
        "--selector=app=other",
        "--min-available=1",
      );
      const status = await workspace.slipway(["status", "dev"]);
      assert.equal(status.code, 3);
      assert.match(status.stdout, /drift: PodDisruptionBudget fastapi-agent/);
    },
  );
});

test("a secret that an agent requires is asked for by name, before anything changes", async (t) => {
  const workspace = await makeWorkspace(t);
  await succeed(workspace, ["build", "fastapi-agent"]);
  await workspace.edit(
    "infra/packages/fastapi-agent/values.yaml",
    "OPENAI_API_KEY: optional",
    "OPENAI_API_KEY: required",
  );
  const outcome = await workspace.slipway(["deploy", "dev"]);
  assert.equal(outcome.code, 2);
  assert.match(outcome.stderr, /stacks\/\.env\.dev: OPENAI_API_KEY is missing or empty/);
  const namespace = workspace.namespace("dev");
  assert.equal(await kubectl("get", "namespace", namespace, "--ignore-not-found"), "");
});

/** What must not change when a deployment is refused: the engine's state and the running pods. */
async function snapshot(workspace: Workspace) {
  const namespace = `--namespace=${workspace.namespace("dev")}`;
  const { spec } = await getObject("deployment", "fastapi-agent", namespace);
  const state = await workspace.read(".slipway/state/.pulumi/stacks/deploy/dev.json");
  return { template: spec.template, state };
}

/** What the Service answers. Not the readiness path: a pod that drains says no there, and serves on. */
async function answer({ port }: Workspace): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}/health`)).status;
}

/** An environment in which the local cluster is there by its record, and its API server is not. */
async function deadServer(workspace: Workspace): Promise<NodeJS.ProcessEnv> {
  const context = "gone";
  await workspace.write(
    "dead/kubeconfig",
    JSON.stringify({
      clusters: [{ name: context, cluster: { server: "https://127.0.0.1:9" } }],
      contexts: [{ name: context, context: { cluster: context, user: "nobody" } }],
    }),
  );
  const record = {
    ...(await readCluster()),
    kubeconfig: join(workspace.folder, "dead/kubeconfig"),
    context,
  };
  await workspace.write("dead/slipway/cluster.json", JSON.stringify(record));
  return { XDG_STATE_HOME: join(workspace.folder, "dead") };
}

async function engineLocks({ folder }: Workspace): Promise<string[]> {
  return readdir(join(folder, ".slipway/state/.pulumi/locks"), { recursive: true }).then(
    (names) => names.filter((name) => name.endsWith(".json")),
    () => [],
  );
}
