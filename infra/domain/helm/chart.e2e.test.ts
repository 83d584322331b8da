import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { ensureTools } from "../../toolchain/tools.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { chartOf, helmObjects, placesOf, writeFiles } from "../test/helm-chart.ts";
import { randomAgent, randomTexts } from "../test/random-stacks.ts";
import { environments, sampleTexts } from "../test/sample-stack.ts";
import { makeSubject } from "./subject.ts";

let helms: readonly string[] = [];

before(async () => {
  helms = Object.values(await ensureTools(["helm", "helm3"], () => {}));
});

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

async function assertEqual(agent: string, names: readonly string[], texts: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-chart-"));
  try {
    await writeFiles(folder, chartOf(agent, names, texts));
    for (const { environment, agent: own, hashes } of placesOf(agent, names, texts)) {
      const expected = makeSubject(environment, own, hashes).objects;
      for (const helm of helms) {
        const found = await helmObjects(helm, folder, agent, environment);
        assert.deepEqual(byIdentity(found), byIdentity(expected), environment.name);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("the sample agent's chart makes the objects of every environment", async () => {
  await assertEqual("fastapi-agent", environments, sampleTexts());
});

test("so does the chart of an agent with everything, whatever its environments differ in", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const texts = randomTexts(`${seed}`, environments);
    await assertEqual(randomAgent, environments, texts).catch((error) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
  }
});
