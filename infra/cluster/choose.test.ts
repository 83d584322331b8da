import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { UserError } from "../domain/errors.ts";
import type { Cluster } from "./driver.ts";
import { type FakePrograms, fakePrograms } from "./testing/fake-program.ts";

// The state folder is fixed when the module is loaded.
const state = await mkdtemp(join(tmpdir(), "slipway-"));
process.env.XDG_STATE_HOME = state;
const { stateFolder } = await import("../adapters/paths.ts");
if (!stateFolder.startsWith(state)) throw new Error(`the tests would write into ${stateFolder}`);
const { chooseDriver } = await import("./choose.ts");
const { findCluster, forgetCluster, readCluster, writeCluster } = await import("./record.ts");

const quiet = () => {};
const cluster: Cluster = {
  driver: "context",
  kubeconfig: "/home/dev/.kube/config",
  context: "team",
  registry: "registry.example.com/team",
  address: "192.0.2.7",
  builder: "docker",
};
let fakes: FakePrograms;

beforeEach(async () => {
  fakes = await fakePrograms();
});
afterEach(async () => {
  await fakes.close();
  await forgetCluster();
});
after(() => rm(state, { recursive: true }));

test("without a cluster the hint is the command that makes one", async () => {
  await assert.rejects(
    readCluster(),
    (error) =>
      error instanceof UserError &&
      error.code === "no-cluster" &&
      error.hint === "npx slipway cluster up",
  );
});

test("the record of the cluster is the owner's alone", async () => {
  await writeCluster(cluster);
  assert.deepEqual(await readCluster(), cluster);
  assert.equal((await stat(join(state, "slipway", "cluster.json"))).mode & 0o777, 0o600);
});

test("auto is the driver of the cluster that is up", async () => {
  await fakes.add("docker");
  await fakes.add("kind");
  await writeCluster(cluster);
  assert.equal((await chooseDriver("auto")).name, "context");
});

test("auto is kind where Docker runs and kind is there, and minikube where only that is", async () => {
  await fakes.add("docker");
  await fakes.add("kind", [{ args: "version", exitCode: 1 }]);
  await fakes.add("minikube");
  assert.equal((await chooseDriver("auto")).name, "minikube");
  await fakes.add("kind");
  assert.equal((await chooseDriver("auto")).name, "kind");
});

test("up records the cluster for the other commands and down forgets it", async () => {
  await fakes.add("docker", [{ args: "container inspect", stdout: "true" }]);
  await fakes.add("kind");
  const driver = await chooseDriver("kind");
  const made = await driver.up(quiet);
  assert.deepEqual(await findCluster(), made);
  await driver.down(quiet);
  assert.equal(await findCluster(), undefined);
});

test("down of one driver keeps the record of another's cluster", async () => {
  await fakes.add("docker");
  await fakes.add("kind");
  await writeCluster(cluster);
  await (await chooseDriver("kind")).down(quiet);
  assert.deepEqual(await findCluster(), cluster);
});

test("an existing cluster needs a registry, which nobody can guess", async () => {
  await assert.rejects(
    (await chooseDriver("context", { context: "team" })).up(quiet),
    (error) => error instanceof UserError && error.code === "no-registry",
  );
});
