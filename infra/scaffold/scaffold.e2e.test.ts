import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { cacheFolder } from "../adapters/paths.ts";
import { findCluster } from "../cluster/record.ts";
import { kubectl } from "../testing/cluster.ts";
import { makeWorkspace, succeed } from "../testing/workspace.ts";

const skip = (await findCluster()) === undefined && "no cluster is up";

const agent = "scaffold-e2e-agent";
const worker = "scaffold-e2e-worker";

test("new packages lint, test, render, build and deploy beside the sample without an edit", {
  skip,
}, async (t) => {
  const workspace = await makeWorkspace(t);
  t.after(() =>
    Promise.all(
      [agent, worker].map((name) => rm(join(cacheFolder, "contexts", name), { recursive: true })),
    ),
  );
  await succeed(workspace, ["new", agent, "--port", "9000"]);
  await succeed(workspace, ["new", worker, "--from", "queue-worker"]);
  for (const name of [agent, worker]) {
    await succeed(workspace, ["package", "lint", name]);
    await succeed(workspace, ["package", "test", name]);
  }
  for (const name of ["fastapi-agent", agent, worker]) await succeed(workspace, ["build", name]);
  await succeed(workspace, ["render", "dev"]);
  await succeed(workspace, ["deploy", "dev"]);
  await succeed(workspace, ["status", "dev"]);
  for (const name of [agent, worker]) {
    await succeed(workspace, ["package", "test", name, "--cluster", "--environment", "dev"]);
  }
  const inWorker = ["exec", `deploy/${worker}`, `--namespace=${workspace.namespace("dev")}`, "--"];
  assert.equal(await answerOf(inWorker), "You said: What is a spool?");
});

/** Queues a prompt in the pod that exec chooses, and waits there for the answer. */
async function answerOf(exec: readonly string[]): Promise<string> {
  const program = `
import json, os, pathlib, time
from worker.spool import Spool
root = pathlib.Path("/var/spool/agent")
done = root / "done" / Spool(root).submit("What is a spool?")
deadline = time.monotonic() + 30
while not done.exists() and time.monotonic() < deadline:
    time.sleep(0.1)
print(json.loads(done.read_text())["response"], end="")
`;
  return kubectl(...exec, "python3", "-c", program);
}
