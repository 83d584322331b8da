import assert from "node:assert/strict";
import { test } from "node:test";
import { plainEnvironment, run } from "../adapters/process.ts";
import { getObject, kubectl } from "../testing/cluster.ts";
import { makeWorkspace, succeed, type Workspace } from "../testing/workspace.ts";

/** The objects of dev with the sample agent, each once. */
const kinds = [
  "ConfigMap",
  "Deployment",
  "HorizontalPodAutoscaler",
  "LimitRange",
  "Namespace",
  "NetworkPolicy",
  "NetworkPolicy",
  "PodDisruptionBudget",
  "ResourceQuota",
  "Secret",
  "Service",
  "ServiceAccount",
];

test("an agent is built, deployed, changed, repaired and removed", async (t) => {
  const workspace = await makeWorkspace(t);
  const namespace = workspace.namespace("dev");

  await t.test("build pushes an image and makes it the release of dev", async () => {
    const built = await succeed(workspace, ["build", "fastapi-agent", "--json"]);
    const { release } = JSON.parse(built.stdout);
    assert.match(release.image, /^localhost:5000\/fastapi-agent@sha256:[0-9a-f]{64}$/);
    const file = await workspace.read("stacks/dev/fastapi-agent/release.json");
    assert.equal(JSON.parse(file).hash, release.hash);
  });

  await t.test("deploy creates every object once and ends when the agent answers", async () => {
    const { stdout } = await succeed(workspace, ["deploy", "dev", "--json"]);
    const { changes } = JSON.parse(stdout);
    assert.deepEqual(changes.map(({ kind }: { kind: string }) => kind).sort(), kinds);
    const answer = await ask(workspace, "/query", { prompt: "Hello there" });
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).model, "echo");
  });

  await t.test("the agent's pods run restricted, without a token, from the digest", async () => {
    const { items } = await getObject("pods", `--namespace=${namespace}`);
    assert.ok(items.length > 0);
    const release = JSON.parse(await workspace.read("stacks/dev/fastapi-agent/release.json"));
    for (const { spec } of items) {
      const [container] = spec.containers;
      assert.equal(container.image, release.image);
      assert.equal(container.securityContext.readOnlyRootFilesystem, true);
      assert.equal(spec.securityContext.runAsNonRoot, true);
      assert.ok(!JSON.stringify(spec.volumes).includes("serviceAccountToken"));
    }
    const { metadata } = await getObject("namespace", namespace);
    assert.equal(metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
  });

  await t.test("a second deploy compares with the cluster and changes nothing", async () => {
    const { stdout } = await succeed(workspace, ["deploy", "dev"]);
    assert.match(stdout, /dev is unchanged/);
  });

  await t.test("pulumi by hand, on the same stack, finds nothing to change", async () => {
    const { stdout } = await pulumiByHand(workspace, ["preview", "--expect-no-changes"]);
    assert.match(stdout, /unchanged/);
  });

  await t.test("pulumi up by hand applies a change as deploy does", async () => {
    await workspace.edit("stacks/dev/values.yaml", "LOG_LEVEL: DEBUG", "LOG_LEVEL: WARNING");
    await pulumiByHand(workspace, ["up", "--yes", "--skip-preview"]);
    assert.equal(await readSetting(namespace, "LOG_LEVEL"), "WARNING");
    const { stdout } = await succeed(workspace, ["deploy", "dev", "--json"]);
    assert.deepEqual(JSON.parse(stdout).changes, []);
  });

  await t.test("preview tells a change before it is made", async () => {
    await workspace.edit("stacks/dev/values.yaml", "LOG_LEVEL: WARNING", "LOG_LEVEL: INFO");
    const { stdout } = await succeed(workspace, ["preview", "dev"]);
    assert.match(stdout, /update Deployment fastapi-agent/);
    assert.equal(await readSetting(namespace, "LOG_LEVEL"), "WARNING");
  });

  await t.test(
    "a changed setting rolls the pods; the old settings stay for a rollback",
    async () => {
      const before = await podNames(namespace);
      await succeed(workspace, ["deploy", "dev"]);
      assert.equal(await readSetting(namespace, "LOG_LEVEL"), "INFO");
      assert.deepEqual(
        (await podNames(namespace)).filter((name) => before.includes(name)),
        [],
      );
      await kubectl("rollout", "undo", "deployment/fastapi-agent", `--namespace=${namespace}`);
      await kubectl("rollout", "status", "deployment/fastapi-agent", `--namespace=${namespace}`);
      assert.equal(await readSetting(namespace, "LOG_LEVEL"), "WARNING");
    },
  );

  await t.test("status names what was changed by hand, and deploy puts it back", async () => {
    await kubectl("delete", "service", "fastapi-agent", `--namespace=${namespace}`);
    const status = await workspace.slipway(["status", "dev"]);
    assert.equal(status.code, 3);
    assert.match(status.stdout, /drift: Service fastapi-agent: missing/);
    assert.match(status.stdout, /drift: Deployment fastapi-agent: spec\.template/);
    await succeed(workspace, ["deploy", "dev"]);
    assert.equal(await readSetting(namespace, "LOG_LEVEL"), "INFO");
    assert.equal((await ask(workspace, "/query", { prompt: "Back?" })).status, 200);
    assert.equal((await workspace.slipway(["status", "dev"])).code, 0);
  });

  await t.test("the autoscaler's number of pods survives a deployment", async () => {
    await kubectl(
      "patch",
      "hpa/fastapi-agent",
      `--namespace=${namespace}`,
      "--type=merge",
      '--patch={"spec":{"minReplicas":3}}',
    );
    await waitForReplicas(namespace, 3);
    await workspace.edit("stacks/dev/values.yaml", "LOG_LEVEL: INFO", "LOG_LEVEL: ERROR");
    await succeed(workspace, ["deploy", "dev"]);
    const { spec } = await getObject("deployment", "fastapi-agent", `--namespace=${namespace}`);
    assert.equal(spec.replicas, 3);
  });

  await t.test("destroy leaves nothing in the cluster and can be repeated", async () => {
    await succeed(workspace, ["destroy", "dev", "--yes"]);
    const left = await kubectl("get", "namespace", namespace, "--ignore-not-found");
    assert.equal(left, "");
    await succeed(workspace, ["destroy", "dev", "--yes"]);
  });
});

function ask({ port }: Workspace, path: string, body: unknown): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function pulumiByHand({ folder }: Workspace, args: readonly string[]) {
  return run("npx", ["pulumi", ...args, "--stack=dev"], {
    cwd: `${folder}/infra/deploy`,
    env: plainEnvironment({
      PULUMI_CONFIG_PASSPHRASE_FILE: "../../.slipway/passphrase.dev",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    }),
  });
}

async function podNames(namespace: string): Promise<string[]> {
  const { items } = await getObject("pods", `--namespace=${namespace}`);
  return items
    .filter(
      ({ metadata }: { metadata: { deletionTimestamp?: string } }) => !metadata.deletionTimestamp,
    )
    .map(({ metadata }: { metadata: { name: string } }) => metadata.name);
}

/** What a new pod reads, from inside of it. */
function readSetting(namespace: string, name: string): Promise<string> {
  return kubectl(
    "exec",
    "deployment/fastapi-agent",
    `--namespace=${namespace}`,
    "--",
    "python3",
    "-c",
    `import os; print(os.environ["${name}"], end="")`,
  );
}

async function waitForReplicas(namespace: string, count: number): Promise<void> {
  await kubectl(
    "wait",
    "deployment/fastapi-agent",
    `--namespace=${namespace}`,
    `--for=jsonpath={.status.availableReplicas}=${count}`,
    "--timeout=120s",
  );
}
