import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { minikubeDriver } from "./minikube.ts";
import { type FakePrograms, fakePrograms } from "./testing/fake-program.ts";

const quiet = () => {};
let fakes: FakePrograms;

beforeEach(async () => {
  fakes = await fakePrograms();
});
afterEach(() => fakes.close());

test("up starts a profile of its own with metrics and a registry, published on loopback only", async () => {
  await fakes.add("minikube");
  const cluster = await minikubeDriver(join(fakes.folder, "state")).up(quiet);
  assert.deepEqual(await fakes.calls(), [
    "minikube start --driver=docker --addons=metrics-server,registry --ports=127.0.0.1:5000:5000,127.0.0.1:30080:30080 --wait=all --profile slipway",
  ]);
  assert.equal(cluster.context, "slipway");
  assert.equal(cluster.registry, "localhost:5000");
  assert.equal(cluster.builder, "docker");
});

test("status reads what is down also from a failing exit code", async () => {
  const stdout = JSON.stringify({ Host: "Running", Kubelet: "Stopped", APIServer: "Stopped" });
  await fakes.add("minikube", [{ args: "status", stdout, exitCode: 7 }]);
  const { running, parts } = await minikubeDriver(fakes.folder).status();
  assert.equal(running, false);
  assert.deepEqual(
    parts.map(({ state }) => state),
    ["running", "stopped", "stopped"],
  );
});

test("a profile that does not exist is missing, and then there is something to ask for", async () => {
  await fakes.add("minikube", [
    { args: "status", stdout: 'Profile "slipway" not found.', exitCode: 85 },
  ]);
  const driver = minikubeDriver(fakes.folder);
  assert.ok((await driver.status()).parts.every(({ state }) => state === "missing"));
  assert.equal((await driver.plan()).length, 1);
});

test("down deletes only this profile", async () => {
  await fakes.add("minikube");
  await minikubeDriver(fakes.folder).down(quiet);
  assert.deepEqual(await fakes.calls(), ["minikube delete --profile slipway"]);
});
