import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { UserError } from "../domain/errors.ts";
import { kindDriver } from "./kind.ts";
import { type FakePrograms, fakePrograms } from "./testing/fake-program.ts";

const quiet = () => {};
const missing = { args: "container inspect", exitCode: 1 };
let fakes: FakePrograms;

beforeEach(async () => {
  fakes = await fakePrograms();
  await fakes.add("kind");
});
afterEach(() => fakes.close());

test("up makes the registry and the cluster, and tells the node where the registry is", async () => {
  await fakes.add("docker", [missing, { args: "inspect --format", stdout: "null" }]);
  const folder = join(fakes.folder, "state");
  const cluster = await kindDriver(folder).up(quiet);
  const calls = await fakes.calls();
  const config = join(folder, "kind.json");
  const kubeconfig = join(folder, "kubeconfig");
  assert.ok(
    calls.includes(
      "docker run --detach --restart=unless-stopped --publish=127.0.0.1:5000:5000 --name=slipway-registry registry:2",
    ),
  );
  assert.ok(
    calls.includes(
      `kind create cluster --name slipway --kubeconfig ${kubeconfig} --config ${config} --wait 120s`,
    ),
  );
  assert.ok(calls.includes("docker network connect kind slipway-registry"));
  const [node] = JSON.parse(await readFile(config, "utf8")).nodes;
  assert.deepEqual(node.extraPortMappings, [
    { containerPort: 30080, hostPort: 30080, listenAddress: "127.0.0.1" },
  ]);
  assert.deepEqual(cluster, {
    driver: "kind",
    kubeconfig,
    context: "kind-slipway",
    registry: "localhost:5000",
    address: "127.0.0.1",
    builder: "docker",
  });
});

test("up leaves a running cluster alone and has nothing to ask for", async () => {
  await fakes.add("docker", [
    { args: "container inspect", stdout: "true\n" },
    { args: "inspect --format", stdout: '{"IPAddress":"172.18.0.2"}' },
  ]);
  const driver = kindDriver(join(fakes.folder, "state"));
  assert.deepEqual(await driver.plan(), []);
  await driver.up(quiet);
  const calls = await fakes.calls();
  assert.equal(
    calls.some((call) => /docker run|kind create|network connect/.test(call)),
    false,
  );
  assert.ok(calls.some((call) => call.startsWith("kind export kubeconfig --name slipway")));
});

test("up starts again what was stopped", async () => {
  await fakes.add("docker", [{ args: "container inspect", stdout: "false\n" }]);
  const driver = kindDriver(join(fakes.folder, "state"));
  assert.equal((await driver.plan()).length, 2);
  assert.equal((await driver.status()).running, false);
  await driver.up(quiet);
  const calls = await fakes.calls();
  assert.ok(calls.includes("docker start slipway-registry"));
  assert.ok(calls.includes("docker start slipway-control-plane"));
});

test("down deletes the cluster and the registry, and works when they are gone", async () => {
  const driver = kindDriver(join(fakes.folder, "state"));
  await fakes.add("docker", [{ args: "container inspect", stdout: "true\n" }]);
  await driver.down(quiet);
  assert.ok((await fakes.calls()).includes("docker rm --force --volumes slipway-registry"));
  await fakes.add("docker", [missing]);
  await driver.down(quiet);
});

test("a Docker that does not answer is the user's to start", async () => {
  await fakes.add("docker", [{ args: "version", exitCode: 1 }]);
  await assert.rejects(
    kindDriver(join(fakes.folder, "state")).up(quiet),
    (error) => error instanceof UserError && error.code === "no-docker",
  );
});
