import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { run } from "../../adapters/process.ts";
import { ensureTools } from "../../toolchain/tools.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { chartOf, helmObjects, placesOf, writeFiles } from "../test/helm-chart.ts";
import { randomAgent, randomTexts } from "../test/random-stacks.ts";
import { environments, sampleTexts } from "../test/sample-stack.ts";
import { makeSubject } from "./subject.ts";

let helms: readonly string[] = [];
let folder = "";

before(async () => {
  helms = Object.values(await ensureTools(["helm", "helm3"], () => {}));
  folder = await mkdtemp(join(tmpdir(), "slipway-chart-"));
});

after(() => rm(folder, { recursive: true }));

/** Objects by what identifies them, as plain data, without what makes a hook of a Job. */
function byIdentity(objects: readonly KubernetesObject[]): Readonly<Record<string, unknown>> {
  const entries = objects.map((object) => {
    const { apiVersion, kind, metadata } = object;
    const annotations = Object.entries(metadata.annotations ?? {});
    const own = annotations.filter(([key]) => !key.startsWith("helm.sh/"));
    const { annotations: _, ...rest } = metadata;
    const kept = own.length > 0 ? { ...rest, annotations: Object.fromEntries(own) } : rest;
    return [`${apiVersion} ${kind} ${metadata.name}`, { ...object, metadata: kept }] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function makeChart(agent: string, texts: Readonly<Record<string, string>>): Promise<string> {
  const chart = await mkdtemp(join(folder, "chart-"));
  await writeFiles(chart, chartOf(agent, environments, texts));
  return chart;
}

async function assertEqual(agent: string, texts: Readonly<Record<string, string>>) {
  const chart = await makeChart(agent, texts);
  const comparisons = placesOf(agent, environments, texts).map(
    async ({ environment, agent: own, hashes }) => {
      const expected = byIdentity(makeSubject(environment, own, hashes).objects);
      for (const helm of helms) {
        const found = await helmObjects(helm, chart, agent, environment);
        assert.deepEqual(byIdentity(found), expected, `${environment.name}, ${helm}`);
      }
    },
  );
  await Promise.all(comparisons);
}

function template(helm: string, ...args: readonly string[]) {
  return run(helm, ["template", ...args, "--skip-tests", "--kube-version=1.34"]);
}

test("the sample agent's chart makes the objects of every environment", async () => {
  await assertEqual("fastapi-agent", sampleTexts());
});

test("so does the chart of an agent with everything, whatever its environments differ in", async (t) => {
  for (let seed = 1; seed <= 6; seed++) {
    await t.test(`seed ${seed}`, () =>
      assertEqual(randomAgent, randomTexts(`${seed}`, environments)),
    );
  }
});

test("helm lint finds nothing in any environment", async () => {
  for (const [agent, texts] of [
    ["fastapi-agent", sampleTexts()],
    [randomAgent, randomTexts("1", environments)],
  ] as const) {
    const chart = await makeChart(agent, texts);
    for (const name of environments) {
      const args = ["lint", "--strict", "--quiet", chart, `--values=${chart}/values-${name}.yaml`];
      for (const helm of helms) assert.equal((await run(helm, args)).stdout.trim(), "");
    }
  }
});

test("a value of a wrong type or name is refused before anything is made", async () => {
  const chart = await makeChart("fastapi-agent", sampleTexts());
  for (const [value, complaint] of [
    ["replicas.mn=3", /mn/],
    ["replica.min=3", /replica/],
    ["replicas.min=three", /replicas\/min/],
    ["image.digest=latest", /image\/digest/],
    ["config.LEVEL=3", /config\/LEVEL/],
    ["secrets.KEY=hunter2", /secrets\/KEY/],
  ] as const) {
    for (const helm of helms) {
      await assert.rejects(template(helm, "a", chart, `--set=${value}`), complaint);
    }
  }
});

test("a chart with required secrets is not made without the name of the Secret", async () => {
  const file = "infra/packages/fastapi-agent/values.yaml";
  const values = sampleTexts()[file]?.replace(
    "OPENAI_API_KEY: optional",
    "OPENAI_API_KEY: required",
  );
  const chart = await makeChart("fastapi-agent", sampleTexts({ [file]: values ?? "" }));
  for (const helm of helms) await assert.rejects(template(helm, "a", chart), /secretName/);
});

test("under another release name the chart's objects name and find each other", async () => {
  const chart = await makeChart("fastapi-agent", sampleTexts());
  for (const helm of helms) {
    const { stdout } = await template(helm, "second", chart);
    const objects = parseAllDocuments(stdout).map((document) => document.toJS());
    const names = objects.map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{10}$/, ""));
    assert.deepEqual(new Set(names), new Set(["second-fastapi-agent"]));
    const find = (kind: string) => objects.find((object) => object.kind === kind);
    assert.deepEqual(find("Service").spec.selector, find("Deployment").spec.selector.matchLabels);
    assert.equal(find("HorizontalPodAutoscaler").spec.scaleTargetRef.name, "second-fastapi-agent");
  }
});
