import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { cacheFolder, projectFolder, root } from "../adapters/paths.ts";
import { stateFile } from "../adapters/pulumi/engine.ts";
import { manifestDigest } from "../adapters/registry.ts";
import { findCluster } from "../cluster/record.ts";
import { buildAgent } from "./build.ts";
import { buildxFolder } from "./buildx.ts";
import { pullImage, removeFromRegistry } from "./testing/pulled-image.ts";

const cluster = await findCluster();
const onBuildKit = cluster !== undefined && cluster.builder !== "docker";
const skip = onBuildKit ? false : "no cluster with a BuildKit daemon is up";

const agent = "build-e2e";
const dockerAgent = "build-e2e-docker";
const canary = "canary-5f2c7d0e9b";
let folder = "";
let app = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-build-"));
  app = join(folder, "app");
  await cp(join(root, "infra/packages/fastapi-agent/app"), app, { recursive: true });
  // Every run has sources of its own, so that the first build is one.
  await change("agent/__init__.py", (text) => `${text}\nSTARTED = ${Date.now()}\n`);
});

after(async () => {
  await rm(folder, { recursive: true });
  for (const stack of [agent, dockerAgent]) {
    const state = stateFile({ project: "build", stack });
    const files = ["", ".attrs", ".bak", ".bak.attrs"].map((suffix) => `${state}${suffix}`);
    files.push(join(projectFolder, "config", `Pulumi.${stack}.yaml`));
    files.push(join(cacheFolder, "contexts", stack));
    for (const file of files) await rm(file, { recursive: true, force: true });
  }
});

async function change(path: string, edit: (text: string) => string): Promise<void> {
  const file = join(app, path);
  await writeFile(file, edit(await readFile(file, "utf8")));
}

const build = (use = cluster, name = agent) => {
  assert.ok(use);
  return buildAgent({
    agent: {
      name,
      folder: relative(root, folder),
      package: { version: "1.0.0", image: { context: "app" } },
    },
    cluster: use,
    report: () => {},
  });
};

test("the digest that a build returns is the one that the registry has", { skip }, async () => {
  const { reference, changed } = await build();
  assert.equal(changed, true);
  assert.match(reference, /^localhost:\d+\/build-e2e@sha256:[0-9a-f]{64}$/);
  assert.equal(await manifestDigest(reference), reference.split("@")[1]);
  assert.equal((await pullImage(reference)).digest, reference.split("@")[1]);
});

test("building unchanged sources again changes nothing", { skip }, async () => {
  const first = await build();
  await writeFile(join(app, "notes.txt"), "no part of the image");
  const second = await build();
  assert.deepEqual(second, { reference: first.reference, changed: false });
});

test("a changed source file gives a new digest, also when its size stays", { skip }, async () => {
  const before = await build();
  await change("agent/__init__.py", (text) => `${text}\nMARK = "aaaaaaaaaa"\n`);
  const first = await build();
  await change("agent/__init__.py", (text) => text.replace("aaaaaaaaaa", "bbbbbbbbbb"));
  const second = await build();
  assert.equal(new Set([before, first, second].map(({ reference }) => reference)).size, 3);
  const { layers } = await pullImage(second.reference);
  assert.ok(layers.some((layer) => layer.includes("bbbbbbbbbb")));
  assert.ok(!layers.some((layer) => layer.includes("aaaaaaaaaa")));
});

test("an image that the registry lost is built again, with the same digest", { skip }, async () => {
  const { reference } = await build();
  await removeFromRegistry(reference);
  assert.equal(await manifestDigest(reference), undefined);
  assert.deepEqual(await build(), { reference, changed: true });
  assert.equal(await manifestDigest(reference), reference.split("@")[1]);
});

test("the image runs as an unprivileged user and is smaller than 200 MB", { skip }, async (t) => {
  const { config, layers } = await pullImage((await build()).reference);
  assert.equal(config.User, "10001:10001");
  const megabytes = layers.reduce((sum, layer) => sum + layer.length, 0) / 1e6;
  t.diagnostic(`${megabytes.toFixed(0)} MB uncompressed`);
  assert.ok(megabytes < 200);
});

test("no secret of the sources or the environment is in a layer or the history", {
  skip,
}, async () => {
  await writeFile(join(app, ".env"), `OPENAI_API_KEY=${canary}`);
  process.env.OPENAI_API_KEY = canary;
  try {
    const image = await pullImage((await build()).reference);
    assert.ok(!image.configText.includes(canary));
    assert.ok(!image.layers.some((layer) => layer.includes(canary)));
    // The search would find it: it finds what is in a source file.
    const source = await readFile(join(app, "agent/__init__.py"));
    assert.ok(image.layers.some((layer) => layer.includes(source)));
  } finally {
    delete process.env.OPENAI_API_KEY;
    await rm(join(app, ".env"));
  }
});

test("a secret that would enter the image is refused before anything is built", {
  skip,
}, async () => {
  const file = join(app, "agent", ".env");
  await writeFile(file, `OPENAI_API_KEY=${canary}`);
  try {
    await assert.rejects(build(), (error: Error & { code?: string }) => {
      assert.equal(error.code, "invalid-input");
      assert.match(error.message, /agent\/\.env: looks by its name like a secret/);
      assert.ok(!error.message.includes(canary));
      return true;
    });
  } finally {
    await rm(file);
  }
});

test("the user's own buildx instances are left alone", { skip }, async () => {
  assert.ok(existsSync(join(buildxFolder, "instances", "slipway")));
  assert.ok(!buildxFolder.includes(".docker"));
});

test("a Dockerfile that fails ends the build with the builder's own words", { skip }, async () => {
  const dockerfile = await readFile(join(app, "Dockerfile"), "utf8");
  await change("Dockerfile", (text) => text.replace("COPY agent/", "COPY nowhere/"));
  try {
    await assert.rejects(build(), { code: "engine-failed", message: /nowhere/ });
  } finally {
    await writeFile(join(app, "Dockerfile"), dockerfile);
  }
  assert.equal((await build()).changed, false);
});

test("the Docker engine's build has the registry's digest too", async (t) => {
  if (!cluster) return t.skip("no cluster is up");
  try {
    const use = { ...cluster, builder: "docker" } as const;
    const { reference } = await build(use, dockerAgent);
    assert.equal(await manifestDigest(reference), reference.split("@")[1]);
    assert.deepEqual(await build(use, dockerAgent), { reference, changed: false });
  } catch (error) {
    const { message } = error as Error;
    const missing = /.*(?:resource plugin|failed to connect to any docker daemon).*/i.exec(message);
    if (!missing) throw error;
    t.skip(`plugin not available: ${missing[0]}`);
  }
});
