import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { UserError } from "../domain/errors.ts";
import { manifest } from "../toolchain/manifest.ts";
import { contextDriver } from "./context.ts";
import { type FakePrograms, fakePrograms } from "./testing/fake-program.ts";

const quiet = () => {};
const registry = "registry.example.com/team";
const versionAnswer = {
  args: "version --client",
  stdout: `Client Version: v${manifest.kubectl.version}\n`,
};
let fakes: FakePrograms;
let kubeconfig = "";

beforeEach(async () => {
  fakes = await fakePrograms();
  kubeconfig = join(await mkdtemp(join(tmpdir(), "slipway-")), "config");
  await writeFile(kubeconfig, "");
});
afterEach(async () => {
  await fakes.close();
  await rm(join(kubeconfig, ".."), { recursive: true });
});

test("the named context is asked and used, and nothing of it is changed", async () => {
  const server = `--kubeconfig ${kubeconfig} config view`;
  await fakes.add("kubectl", [versionAnswer, { args: server, stdout: "https://192.0.2.7:6443" }]);
  const cluster = await contextDriver({ kubeconfig, context: "team", registry }).up(quiet);
  assert.deepEqual(cluster, {
    driver: "context",
    kubeconfig,
    context: "team",
    registry,
    address: "192.0.2.7",
    builder: "docker",
  });
  const asked = (await fakes.calls()).filter((call) => !call.includes("version --client"));
  assert.deepEqual(asked, [
    `kubectl --kubeconfig ${kubeconfig} --context team get --raw /readyz --request-timeout=5s`,
    `kubectl --kubeconfig ${kubeconfig} config view --minify --context team --output jsonpath={.clusters[0].cluster.server}`,
  ]);
});

test("without a name it is the current context, and without one the user has to choose", async () => {
  await fakes.add("kubectl", [
    versionAnswer,
    { args: `--kubeconfig ${kubeconfig} config current-context`, exitCode: 1 },
  ]);
  await assert.rejects(
    contextDriver({ kubeconfig, registry }).up(quiet),
    (error) => error instanceof UserError && error.code === "no-context",
  );
});

test("a cluster that does not answer is reported with its context and file", async () => {
  await fakes.add("kubectl", [
    versionAnswer,
    { args: `--kubeconfig ${kubeconfig} --context team get`, exitCode: 1 },
  ]);
  const driver = contextDriver({ kubeconfig, context: "team", registry });
  await assert.rejects(
    driver.up(quiet),
    (error) =>
      error instanceof UserError &&
      error.code === "cluster-unreachable" &&
      error.message.includes("team") &&
      error.message.includes(kubeconfig),
  );
  assert.equal((await driver.status()).running, false);
});
