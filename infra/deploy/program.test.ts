import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { root } from "../adapters/paths.ts";
import { mockStack } from "../components/testing/mock-stack.ts";
import { completeStack } from "../domain/manifests/complete.ts";
import { manifests } from "../domain/manifests/manifests.ts";
import { canary, hashes, sampleStack } from "../domain/test/sample-stack.ts";
import { deployProgram } from "./program.ts";

function run() {
  const input = completeStack(sampleStack("dev"), { OPENAI_API_KEY: canary });
  const target = { kubeconfig: "/somewhere/kubeconfig", context: "test" };
  return mockStack(() => deployProgram({ ...input, objects: manifests(input, hashes), target }));
}

test("everything goes through the one provider of the stack's cluster", async () => {
  const { resources } = await run();
  const objects = [...resources.values()].filter(({ type }) => type.startsWith("kubernetes:"));
  assert.ok(objects.length > 10);
  for (const { name, options } of objects) {
    assert.match(String(options.provider), /::pulumi:providers:kubernetes::cluster::/, name);
  }
  assert.equal(resources.get("pulumi:providers:kubernetes::cluster")?.inputs.context, "test");
});

test("another path or token of the same cluster is no other provider", async () => {
  const { resources } = await run();
  const { inputs } = resources.get("pulumi:providers:kubernetes::cluster") ?? assert.fail();
  assert.equal(inputs.clusterIdentifier, "slipway-dev");
  assert.equal(inputs.enableServerSideApply, "true");
});

test("the outputs are the namespace and the image of each agent, by digest", async () => {
  const { outputs } = await run();
  assert.equal(outputs.namespace, "agents-dev");
  const { "fastapi-agent": image } = outputs.images as Record<string, string>;
  assert.match(image ?? "", /^[^@]+@sha256:[0-9a-f]{64}$/);
});

test("a deployment loads no docker provider", async () => {
  await run();
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  assert.ok(loaded.some((path) => path.includes("@pulumi/kubernetes")));
  assert.deepEqual(
    loaded.filter((path) => path.includes("@pulumi/docker")),
    [],
  );
});

test("no path through the deploy project's imports leads to a docker provider", async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["infra/deploy/index.ts", "infra/deploy/deploy.ts", "infra/deploy/destroy.ts"],
    outdir: join(root, "not-written"),
    write: false,
    metafile: true,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
  const packages = Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  assert.ok(packages.some((name) => name.startsWith("@pulumi/kubernetes")));
  assert.deepEqual(
    packages.filter((name) => name.startsWith("@pulumi/docker")),
    [],
  );
});
