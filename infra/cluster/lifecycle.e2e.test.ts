import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { root } from "../adapters/paths.ts";
import { run, start } from "../adapters/process.ts";
import { resolvesNames } from "./embedded/addons/addons.ts";
import { removeBridge } from "./embedded/bridge.ts";
import { cgroupProcesses } from "./embedded/cgroups.ts";
import { removeFirewall } from "./embedded/firewall.ts";
import { type PartName, partNames } from "./embedded/layout.ts";
import { unmountBelow } from "./embedded/mounts.ts";
import { clusterProcesses, partProcesses, stopProcesses } from "./embedded/processes.ts";
import { driver, isUp, kubectl, paths, quiet, skipEmbedded } from "./testing/embedded-cluster.ts";
import { type MachineSnapshot, takeSnapshot } from "./testing/machine-snapshot.ts";

const skip = skipEmbedded;
let wasUp = false;
let untouched: MachineSnapshot;

before(async () => {
  if (skip) return;
  wasUp = await isUp();
  await driver.down(quiet);
  untouched = await takeSnapshot(paths.folder);
  await driver.up(quiet);
});

after(async () => {
  if (!skip && wasUp) await driver.up(quiet);
});

function processOf(part: PartName) {
  const [process] = partProcesses(clusterProcesses(paths.folder), part);
  assert.ok(process, `${part} has no process`);
  return process;
}

async function killEverything(): Promise<void> {
  await stopProcesses([...clusterProcesses(paths.folder), ...cgroupProcesses()], 0);
}

async function assertWorks(): Promise<void> {
  await resolvesNames();
  assert.match(await kubectl("get", "nodes"), / Ready /);
}

for (const part of partNames) {
  test(`up brings back a killed ${part} and leaves the others alone`, { skip }, async () => {
    const others = partNames.filter((name) => name !== part).map((name) => processOf(name).pid);
    const killed = processOf(part);
    await stopProcesses([killed], 0);
    assert.ok((await driver.plan()).length > 0);
    await driver.up(quiet);
    assert.notEqual(processOf(part).pid, killed.pid);
    assert.deepEqual(
      partNames.filter((name) => name !== part).map((name) => processOf(name).pid),
      others,
    );
    await assertWorks();
  });
}

test("up starts a part anew that runs but does nothing", { skip }, async () => {
  const stopped = processOf("kube-scheduler");
  process.kill(stopped.pid, "SIGSTOP");
  await driver.up(quiet);
  assert.notEqual(processOf("kube-scheduler").pid, stopped.pid);
});

test("up repairs a cluster whose processes were all killed at once", { skip }, async () => {
  await kubectl("create", "configmap", "kept", "--from-literal=a=b");
  await killEverything();
  assert.ok(existsSync("/sys/class/net/slipway0"));
  await driver.up(quiet);
  await assertWorks();
  assert.match(await kubectl("get", "configmap", "kept"), /kept/);
});

test("up repairs a cluster after a restart of the machine", { skip }, async () => {
  await killEverything();
  await unmountBelow(paths.folder);
  await removeBridge();
  await removeFirewall([]);
  await driver.up(quiet);
  await assertWorks();
  assert.match(await kubectl("get", "configmap", "kept"), /kept/);
});

test("two ups at once both end with the same healthy cluster", { skip }, async () => {
  await stopProcesses([processOf("kubelet"), processOf("registry")], 0);
  await Promise.all([upInAnotherProcess(), upInAnotherProcess()]);
  for (const part of partNames) processOf(part);
  await assertWorks();
});

async function upInAnotherProcess(): Promise<void> {
  const script = `const { driver, quiet } = await import("./infra/cluster/testing/embedded-cluster.ts");
await driver.up(quiet);`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  await run(process.execPath, args, { cwd: root });
}

test("an up that is interrupted leaves nothing that the next one trips over", {
  skip,
}, async () => {
  await killEverything();
  const script = `const { driver, quiet } = await import("./infra/cluster/testing/embedded-cluster.ts");
console.log("up"); await driver.up((line) => console.log(line));`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  const child = start(process.execPath, args, { cwd: root }, ["ignore", "pipe", "inherit"]);
  let output = "";
  for await (const chunk of child.stdout as NodeJS.ReadableStream) {
    output += chunk;
    if (output.includes("Starting the image registry")) break;
  }
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  await driver.up(quiet);
  await assertWorks();
});

test("down of a half-dead cluster leaves the machine as it was, and twice does no harm", {
  skip,
}, async () => {
  await stopProcesses([processOf("containerd"), processOf("kubelet")], 0);
  await driver.down(quiet);
  assert.deepEqual(await takeSnapshot(paths.folder), untouched);
  await driver.down(quiet);
});

test("down of a healthy cluster leaves the machine as it was", { skip }, async () => {
  await driver.up(quiet);
  await assertWorks();
  await driver.down(quiet);
  assert.deepEqual(await takeSnapshot(paths.folder), untouched);
  const { running, parts } = await driver.status();
  assert.equal(running, false);
  assert.equal(
    parts.some(({ state }) => state === "running"),
    false,
  );
});
