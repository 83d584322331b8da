import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { removeFromRegistry } from "../build/testing/pulled-image.ts";
import { findCluster } from "../cluster/record.ts";
import { makeWorkspace, succeed } from "../testing/workspace.ts";

const cluster = await findCluster();
const skip = cluster ? false : "no cluster is up";

test("a package pulled by digest runs in a checkout that never had its sources", {
  skip,
}, async (t) => {
  const workspace = await makeWorkspace(t);
  const repository = `${cluster?.registry}/${workspace.namespace("packages")}/fastapi-agent`;
  await succeed(workspace, ["build", "fastapi-agent"]);
  const release = await workspace.read("stacks/dev/fastapi-agent/release.json");
  const { stdout } = await succeed(workspace, [
    ...["package", "push", "fastapi-agent", repository, "--json"],
  ]);
  const { reference } = JSON.parse(stdout);
  t.after(() => removeFromRegistry(reference));
  await rm(join(workspace.folder, "infra/packages/fastapi-agent"), { recursive: true });
  await workspace.remove("stacks/dev/fastapi-agent/release.json");

  await succeed(workspace, ["package", "pull", reference, "--to", "dev"]);
  assert.equal(await workspace.read("stacks/dev/fastapi-agent/release.json"), release);
  await succeed(workspace, ["package", "verify", "fastapi-agent"]);
  await succeed(workspace, ["deploy", "dev"]);
  const answer = await fetch(`http://${cluster?.address}:${workspace.port}/health`);
  assert.equal(answer.status, 200);

  const values = "infra/packages/fastapi-agent/values.yaml";
  await workspace.edit(values, "LOG_LEVEL: INFO", "LOG_LEVEL: DEBUG");
  const verify = await workspace.slipway(["package", "verify", "fastapi-agent"]);
  assert.equal(verify.code, 3);
  assert.match(verify.stderr, /values\.yaml has \d+ bytes in place of \d+/);
});
