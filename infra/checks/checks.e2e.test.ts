import assert from "node:assert/strict";
import { test } from "node:test";
import { getObject } from "../testing/cluster.ts";
import { makeWorkspace, succeed } from "../testing/workspace.ts";

const values = "stacks/dev/fastapi-agent/values.yaml";
const smoke = ["package", "test", "fastapi-agent", "--cluster", "--environment", "dev"];

test("policies stop a deployment, and smoke tests ask the agent that runs", async (t) => {
  const workspace = await makeWorkspace(t);
  await succeed(workspace, ["build", "fastapi-agent"]);

  await t.test("before it is deployed, smoke tests say so", async () => {
    const { code, stderr } = await workspace.slipway(smoke);
    assert.equal(code, 2);
    assert.match(stderr, /fastapi-agent does not run in dev .*\nnext: {2}npx slipway deploy dev/);
  });

  await t.test("an error stops a deployment where the policy is mandatory", async () => {
    await workspace.edit("stacks/pipeline.yaml", "policy: advisory", "policy: mandatory");
    await workspace.edit(
      values,
      "replicas:",
      "resources: { limits: { memory: 400Mi } }\n\nreplicas:",
    );
    for (const command of ["preview", "deploy"]) {
      const { code, stderr } = await workspace.slipway([command, "dev"]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /error SLW013 Deployment fastapi-agent, .*resources\.limits\.memory/);
    }
  });

  await t.test("the same error is only told where it is advisory", async () => {
    await workspace.edit("stacks/pipeline.yaml", "policy: mandatory", "policy: advisory");
    const { stderr } = await succeed(workspace, ["deploy", "dev"]);
    assert.match(stderr, /error SLW013 Deployment fastapi-agent/);
  });

  await t.test("the agent passes its smoke tests, and nothing stays behind", async () => {
    const { stdout } = await succeed(workspace, [...smoke, "--json"]);
    const { passed, failed } = JSON.parse(stdout);
    assert.deepEqual([passed, failed], [7, 0]);
    const { items } = await getObject("jobs", `--namespace=${workspace.namespace("dev")}`);
    assert.deepEqual(items, []);
  });

  await t.test("a smoke test that fails says what was expected and found, and where", async () => {
    const file = "infra/packages/fastapi-agent/tests/smoke.yaml";
    await workspace.write(file, failing);
    const { code, stdout } = await workspace.slipway(smoke);
    assert.equal(code, 3);
    assert.match(stdout, /smoke\.yaml:6:\d*:? expected status to be "well", found "healthy"/);
    assert.match(stdout, /smoke\.yaml:9: expected exit code 0, found 3: gone/);
    assert.match(stdout, /0 passed, 2 failed/);
  });
});

const failing = `apiVersion: slipway.dev/v1
cases:
  - name: It is well
    request: { path: /health }
    expect:
      json: [{ path: status, equals: well }]
  - name: A command ends
    command: [python3, -c, "print('gone'); raise SystemExit(3)"]
    expect: { exitCode: 0 }
`;
