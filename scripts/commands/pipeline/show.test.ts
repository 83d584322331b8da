import assert from "node:assert/strict";
import { test } from "node:test";
import { copyCheckout, succeed } from "../../../infra/testing/workspace.ts";

test("the pipeline is shown as lines, as a diagram and as data", async (t) => {
  const workspace = await copyCheckout(t);
  const [lines, diagram, data] = await Promise.all([
    succeed(workspace, ["pipeline", "show"]),
    succeed(workspace, ["pipeline", "show", "--format", "mermaid"]),
    succeed(workspace, ["pipeline", "show", "--json"]),
  ]);
  assert.match(lines.stdout, /^dev {6}agents-dev on the local cluster/);
  assert.match(lines.stdout, /verified in staging\n.*\nprod/);
  assert.match(diagram.stdout, /^flowchart LR\n {2}env-dev\[/);
  const { environments } = JSON.parse(data.stdout);
  assert.deepEqual(
    environments.map(({ name }: { name: string }) => name),
    ["dev", "staging", "prod"],
  );
});
