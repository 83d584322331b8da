import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { before, test } from "node:test";
import { parse } from "yaml";
import { findCluster } from "../cluster/record.ts";
import { getObject, kubectl } from "../testing/cluster.ts";
import { makeWorkspace, succeed } from "../testing/workspace.ts";
import { ensureTools } from "../toolchain/tools.ts";
import { run } from "./process.ts";

const cluster = await findCluster();
const skip = cluster ? false : "no cluster is up";

const agent = "fastapi-agent";
let helms: readonly (readonly [string, string])[] = [];

before(async () => {
  helms = Object.entries(await ensureTools(["helm", "helm3"], () => {}));
});

/** One Job before and one after each rollout, and a file; what each Job finds decides its result. */
const extras = `
files:
  /opt/greeting.txt: hello {{ there }}
jobs:
  prepare:
    when: before
    command: [python3, -c, "import os, sys; sys.exit(open('/opt/greeting.txt').read() != 'hello {{ there }}' or not os.environ['LOG_LEVEL'])"]
    resources: { limits: { memory: 64Mi } }
  check:
    when: after
    command: [python3, -c, "import sys; sys.exit(open('/run/secrets/agent/OPENAI_API_KEY').read() != 'unknown')"]
    resources: { limits: { memory: 64Mi } }
`;

test("a chart is installed, tested, upgraded and removed by both versions of Helm", {
  skip,
}, async (t) => {
  const workspace = await makeWorkspace(t);
  const values = `stacks/dev/${agent}/values.yaml`;
  await workspace.write(values, `${await workspace.read(values)}${extras}`);
  await succeed(workspace, ["build", agent]);
  const chart = join(workspace.folder, "chart");
  await succeed(workspace, ["export", "helm", agent, "--output", chart]);
  const layer = join(chart, "values-dev.yaml");
  const { secretName, image } = parse(await workspace.read("chart/values-dev.yaml"));
  const namespace = `helm-${randomBytes(3).toString("hex")}`;
  t.after(() => kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false"));
  await kubectl("create", "namespace", namespace);
  await kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
  await workspace.write("key", "unknown");
  const key = `--from-file=OPENAI_API_KEY=${join(workspace.folder, "key")}`;
  await kubectl("create", "secret", "generic", secretName, `--namespace=${namespace}`, key);

  for (const [name, program] of helms) {
    const helm = (...args: readonly string[]) =>
      run(program, [
        ...args,
        `--namespace=${namespace}`,
        `--kubeconfig=${cluster?.kubeconfig}`,
        `--kube-context=${cluster?.context}`,
      ]);
    const upgrade = ["upgrade", "--install", agent, chart, `--values=${layer}`, "--wait"];
    await t.test(`${name} installs it and its test passes`, async () => {
      await helm(...upgrade, "--timeout=120s");
      const { status, spec } = await getObject("deployment", agent, `--namespace=${namespace}`);
      assert.ok(status.readyReplicas > 0);
      assert.equal(spec.template.spec.containers[0].image, `${image.repository}@${image.digest}`);
      const { stdout } = await helm("test", agent, "--timeout=60s");
      assert.match(stdout, /Phase:\s+Succeeded/);
    });
    await t.test(`${name} upgrades it to another configuration`, async () => {
      await helm(...upgrade, "--timeout=120s", "--set=config.LOG_LEVEL=WARNING");
      const found = await getObject("configmap", `--namespace=${namespace}`, "--selector=owner");
      const levels = found.items.flatMap(
        (one: { data: Record<string, string> }) => one.data.LOG_LEVEL ?? [],
      );
      assert.deepEqual(levels, ["WARNING"]);
    });
    await t.test(`${name} leaves nothing but finished Jobs behind`, async () => {
      await helm("uninstall", agent, "--wait");
      const kinds = "deployment,service,configmap,networkpolicy,serviceaccount,hpa,pdb";
      const { items } = await getObject(kinds, `--namespace=${namespace}`, "--selector=owner");
      assert.deepEqual(items, []);
    });
  }
});
