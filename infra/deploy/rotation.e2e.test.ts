import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { CommandError, plainEnvironment, run } from "../adapters/process.ts";
import { getObject, kubectl } from "../testing/cluster.ts";
import { makeWorkspace, succeed, type Workspace } from "../testing/workspace.ts";

const key = "OPENAI_API_KEY";

test("a secret is set, rotated for its users alone, and outlives another passphrase", async (t) => {
  const workspace = await makeWorkspace(t);
  const namespace = workspace.namespace("dev");
  const values = [1, 2].map(() => `sk-${randomBytes(24).toString("base64url")}`);
  const [first = "", second = ""] = values;
  const said: string[] = [];
  const tell = async (input: string, ...args: string[]) => {
    const outcome = await slipwayWith(workspace, input, args);
    said.push(outcome.stdout, outcome.stderr);
    return outcome.stdout;
  };
  // The worker does without the secret.
  await workspace.write("stacks/dev/queue-worker/values.yaml", `secrets:\n  ${key}: null\n`);
  for (const agent of ["fastapi-agent", "queue-worker"]) await succeed(workspace, ["build", agent]);

  await t.test("set needs neither a cluster nor a deployment before it", async () => {
    const change = JSON.parse(await tell(`${first}\n`, "secrets", "set", "dev", key, "--json"));
    assert.deepEqual([change.added, change.rolls], [[key], []]);
    await succeed(workspace, ["deploy", "dev"]);
    const listed = JSON.parse(await tell("", "secrets", "list", "dev", "--json"));
    const [agent] = listed.agents;
    assert.equal(listed.source, "configuration");
    assert.deepEqual([agent.agent, agent.keys[0].set], ["fastapi-agent", true]);
    assert.equal(agent.deployed, agent.version);
    assert.ok((await secretName(namespace)).endsWith(agent.version));
  });

  await t.test("rotate rolls the pods of its users, and of nobody else", async () => {
    const [users, others, secret] = await Promise.all([
      podNames(namespace, "fastapi-agent"),
      podNames(namespace, "queue-worker"),
      secretName(namespace),
    ]);
    const rotated = JSON.parse(await tell(second, "secrets", "rotate", "dev", key, "--json"));
    assert.deepEqual([rotated.changed, rotated.rolls], [[key], ["fastapi-agent"]]);
    const kept = (await podNames(namespace, "fastapi-agent")).filter((pod) => users.includes(pod));
    assert.deepEqual(kept, []);
    assert.deepEqual(await podNames(namespace, "queue-worker"), others);
    assert.notEqual(await secretName(namespace), secret);
    // A rollback finds the secret of the release before.
    await kubectl("get", "secret", secret, `--namespace=${namespace}`);
  });

  await t.test("the same value is no rotation", async () => {
    const refused = await slipwayWith(workspace, second, ["secrets", "rotate", "dev", key]).then(
      () => assert.fail("it was taken"),
      (error: CommandError) => error,
    );
    assert.ok(refused instanceof CommandError && refused.exitCode === 2);
    assert.match(refused.stderr, /has this value already/);
  });

  await t.test("after a change of passphrase the stack is as it was", async () => {
    const before = await workspace.read(".slipway/passphrase.dev");
    const secret = await secretName(namespace);
    await tell("another passphrase\n", "secrets", "passphrase", "dev");
    assert.notEqual(await workspace.read(".slipway/passphrase.dev"), before);
    const { stdout } = await succeed(workspace, ["deploy", "dev", "--json"]);
    assert.deepEqual(JSON.parse(stdout).changes, []);
    assert.equal(await secretName(namespace), secret);
  });

  await t.test("no value was said, nor is one in a file", async () => {
    const files = ["stacks/Pulumi.dev.yaml", ".slipway/state/.pulumi/stacks/deploy/dev.json"];
    const texts = [...said, ...(await Promise.all(files.map(workspace.read)))];
    for (const value of values) assert.ok(texts.every((text) => !text.includes(value)));
  });
});

function slipwayWith({ folder }: Workspace, input: string, args: readonly string[]) {
  return run(process.execPath, [join(folder, "scripts/slipway.mjs"), ...args], {
    cwd: folder,
    env: plainEnvironment(),
    input,
  });
}

async function podNames(namespace: string, agent: string): Promise<string[]> {
  const selector = `--selector=app.kubernetes.io/name=${agent}`;
  const { items } = await getObject("pods", `--namespace=${namespace}`, selector);
  return items
    .filter(
      ({ metadata }: { metadata: { deletionTimestamp?: string } }) => !metadata.deletionTimestamp,
    )
    .map(({ metadata }: { metadata: { name: string } }) => metadata.name)
    .sort();
}

/** The Secret that the pods of the HTTP agent mount. */
async function secretName(namespace: string): Promise<string> {
  const { spec } = await getObject("deployment", "fastapi-agent", `--namespace=${namespace}`);
  const { volumes } = spec.template.spec;
  return volumes.find(({ name }: { name: string }) => name === "secrets").secret.secretName;
}
