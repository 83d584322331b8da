import assert from "node:assert/strict";
import { test } from "node:test";
import { getObject, kubectl } from "../testing/cluster.ts";
import { makeWorkspace, succeed } from "../testing/workspace.ts";

const ownValues = "stacks/dev/fastapi-agent/values.yaml";
const canary = "canary-2b7c91";

/** One of everything that can stand beside the agent, at a scale that fits dev's quota. */
const everything = `
volumes:
  work: { mountPath: /work, size: 16Mi }
files:
  /srv/notes/greeting.txt: hello
secretsAsEnvironment: [OPENAI_API_KEY]
sidecars:
  notes:
    command: [python3, -m, http.server, "8090", --directory, /srv/notes]
    port: 8090
    resources: { limits: { cpu: 250m } }
initContainers:
  prepare:
    command: [python3, -c, "open('/work/prepared', 'w').write('prepared')"]
ingress:
  host: agent.example.com
  tlsSecret: agent-certificate
  controllerNamespace: ingress-nginx
jobs:
  check:
    when: before
    command: [python3, -c, "print('the database is there')"]
  greet:
    when: after
    command: [python3, -c, "import urllib.request as r; r.urlopen('http://fastapi-agent/health/ready')"]
patches:
  - kind: Deployment
    reason: one old ReplicaSet is enough here
    patch: { spec: { revisionHistoryLimit: 1 } }
`;

test("an agent comes with all that its values put beside it", async (t) => {
  const workspace = await makeWorkspace(t);
  const namespace = workspace.namespace("dev");
  await workspace.write("stacks/.env.dev", `OPENAI_API_KEY=${canary}\n`, 0o600);
  await workspace.write("infra/packages/fastapi-agent/prompts/system.md", "Answer briefly.\n");
  await workspace.edit(
    "infra/packages/fastapi-agent/package.yaml",
    "\nimage:",
    "\nprompts: prompts\nimage:",
  );
  await workspace.edit(ownValues, /min: \d+/, "min: 1");
  await workspace.edit(ownValues, /max: \d+/, "max: 2");
  await workspace.write(ownValues, (await workspace.read(ownValues)) + everything);
  await succeed(workspace, ["build", "fastapi-agent"]);
  await succeed(workspace, ["deploy", "dev"]);

  await t.test("files, prompts, volumes, secrets and the sidecar are there for it", async () => {
    const seen = await inPod(
      namespace,
      `import os, urllib.request as r
read = lambda path: open(path).read().strip()
print(read("/etc/agent/prompts/system.md"), read("/srv/notes/greeting.txt"), read("/work/prepared"))
print(os.environ["OPENAI_API_KEY"] == read(os.environ["OPENAI_API_KEY_FILE"]))
print(r.urlopen("http://127.0.0.1:8090/greeting.txt").read().decode())`,
    );
    assert.equal(seen, "Answer briefly. hello prepared\nTrue\nhello\n");
  });

  await t.test("the jobs ran, one before the pods and one after they answered", async () => {
    const [check, greet] = [await job(namespace, "check"), await job(namespace, "greet")];
    const [pod = assert.fail("no pod")] = await agentPods(namespace);
    assert.equal(check.status.succeeded, 1);
    assert.equal(greet.status.succeeded, 1);
    assert.ok(check.status.completionTime <= pod.metadata.creationTimestamp);
    assert.ok(greet.status.startTime >= pod.metadata.creationTimestamp);
  });

  await t.test("a patch is applied, and says why", async () => {
    const { spec, metadata } = await deployment(namespace);
    assert.equal(spec.revisionHistoryLimit, 1);
    assert.match(metadata.annotations["slipway.dev/patched"], /one old ReplicaSet is enough/);
  });

  await t.test("nothing differs from the files, and nothing runs again", async () => {
    assert.equal((await workspace.slipway(["status", "dev"])).code, 0);
    const before = await job(namespace, "check");
    assert.match((await succeed(workspace, ["deploy", "dev"])).stdout, /dev is unchanged/);
    assert.equal((await job(namespace, "check")).metadata.uid, before.metadata.uid);
  });

  await t.test("a job that fails before a rollout stops it; the old pods serve on", async () => {
    const before = (await agentPods(namespace)).map(({ metadata }) => metadata.name);
    await workspace.edit(
      ownValues,
      "print('the database is there')",
      "raise SystemExit('no database')",
    );
    for (const attempt of [1, 2]) {
      const outcome = await workspace.slipway(["deploy", "dev"]);
      assert.equal(outcome.code, 2, `attempt ${attempt}\n${outcome.stderr}`);
      assert.match(outcome.stderr, /job fastapi-agent-check-\w+ failed: BackoffLimitExceeded/);
      assert.match(outcome.stderr, /last lines of its log:\n {2}no database/);
    }
    assert.deepEqual(
      (await agentPods(namespace)).map(({ metadata }) => metadata.name),
      before,
    );
    const answer = await fetch(`http://127.0.0.1:${workspace.port}/health/ready`);
    assert.equal(answer.status, 200);
  });

  await t.test("back at what ran before, the job that did it is there again", async () => {
    await workspace.edit(
      ownValues,
      "raise SystemExit('no database')",
      "print('the database is there')",
    );
    await succeed(workspace, ["deploy", "dev"]);
    assert.equal((await job(namespace, "check")).status.succeeded, 1);
    assert.equal((await workspace.slipway(["status", "dev"])).code, 0);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: tests look at a few fields.
async function job(namespace: string, name: string): Promise<any> {
  const { items } = await getObject("jobs", `--namespace=${namespace}`);
  const found = items.filter(({ metadata }: { metadata: { name: string } }) =>
    metadata.name.startsWith(`fastapi-agent-${name}-`),
  );
  assert.equal(found.length, 1, `${found.length} jobs named ${name}`);
  return found[0];
}

async function agentPods(
  namespace: string,
): Promise<{ metadata: { name: string; creationTimestamp: string } }[]> {
  const selector = "--selector=app.kubernetes.io/name=fastapi-agent";
  return (await getObject("pods", `--namespace=${namespace}`, selector)).items;
}

function deployment(namespace: string) {
  return getObject("deployment", "fastapi-agent", `--namespace=${namespace}`);
}

function inPod(namespace: string, code: string): Promise<string> {
  const command = ["--container=agent", "--", "python3", "-c", code];
  return kubectl("exec", "deployment/fastapi-agent", `--namespace=${namespace}`, ...command);
}
