import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../domain/errors.ts";
import { AgentImage, type ImageBuilder, type ImageSource } from "./agent-image.ts";
import { buildKitBuilder } from "./buildkit-builder.ts";
import { dockerBuilder } from "./docker-builder.ts";
import { type MockOptions, mockStack } from "./testing/mock-stack.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const repository = "localhost:5000/fastapi-agent";
const docker = "docker:index/image:Image::fastapi-agent";
const buildKit = "docker-build:index:Image::fastapi-agent";

const source: ImageSource = {
  context: "/somewhere/context",
  dockerfile: "/somewhere/context/Dockerfile",
  repository,
  tag: "1.0.0-0123456789ab",
  platform: "linux/amd64",
  baseImage: `localhost:5000/slipway/python-base@${digest}`,
};

const build = (builder: ImageBuilder, options?: MockOptions) =>
  mockStack(() => {
    const { reference } = new AgentImage("fastapi-agent", { ...source, builder });
    return { reference };
  }, options);

const withDocker = (repoDigest: string) =>
  build(dockerBuilder, { state: ({ type }) => (/Image$/.test(type) ? { repoDigest } : {}) });

const withBuildKit = (state: Record<string, unknown>) =>
  build(buildKitBuilder("slipway"), { state: () => state });

test("the docker builder's digest in the registry is the reference", async () => {
  const { outputs } = await withDocker(`${repository}@${digest}`);
  assert.equal(outputs.reference, `${repository}@${digest}`);
});

test("the buildkit builder's digest, with the repository and without the tag, is the reference", async () => {
  const { outputs } = await withBuildKit({ digest, ref: `${repository}:1.0.0@${digest}` });
  assert.equal(outputs.reference, `${repository}@${digest}`);
});

for (const [what, said] of [
  ["a local image ID, as after a skipped push or a build in a preview", digest],
  ["the name of an image that has no digest", "<none>@<none>"],
  ["a tag", `${repository}:1.0.0`],
  ["a shortened digest", `${repository}@sha256:0123`],
  ["nothing", ""],
] as const) {
  test(`${what} is never a reference`, async () => {
    await assert.rejects(withDocker(said), (error: UserError) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.code, "image-not-pushed");
      assert.ok(error.message.includes(`"${said}"`));
      return true;
    });
  });
}

test("an image that buildkit did not push has no reference", async () => {
  await assert.rejects(withBuildKit({ digest: "" }), { code: "image-not-pushed" });
});

test("a preview builds nothing and leaves the reference unknown", async () => {
  for (const builder of [dockerBuilder, buildKitBuilder("slipway")]) {
    const { resources, outputs } = await build(builder, { preview: true });
    assert.equal(outputs.reference, undefined);
    for (const { inputs } of resources.values()) assert.ok(!inputs.buildOnPreview);
  }
});

test("the docker builder is told the platform, and to push", async () => {
  const { inputs } = await resource(docker, dockerBuilder);
  const { platform } = inputs.build as { platform: string };
  assert.equal(platform, "linux/amd64");
  assert.equal(inputs.imageName, `${repository}:1.0.0-0123456789ab`);
  assert.ok(!inputs.skipPush);
});

test("the buildkit builder is told the platform, the daemon, and to push", async () => {
  const { inputs } = await resource(buildKit, buildKitBuilder("slipway"));
  assert.deepEqual(inputs.platforms, ["linux/amd64"]);
  assert.deepEqual(inputs.builder, { name: "slipway" });
  assert.deepEqual(inputs.tags, [`${repository}:1.0.0-0123456789ab`]);
  assert.match(JSON.stringify(inputs.exports), /type=registry/);
});

test("only the base image and a fixed time are build arguments, and the base is pinned", async () => {
  const { inputs: ofDocker } = await resource(docker, dockerBuilder);
  assert.deepEqual(ofDocker.build, {
    args: { BASE_IMAGE: source.baseImage },
    builderVersion: "BuilderBuildKit",
    context: source.context,
    dockerfile: source.dockerfile,
    platform: "linux/amd64",
  });
  const { inputs: ofBuildKit } = await resource(buildKit, buildKitBuilder("slipway"));
  assert.deepEqual(ofBuildKit.buildArgs, {
    BASE_IMAGE: source.baseImage,
    SOURCE_DATE_EPOCH: "315532800",
  });
});

test("a build argument of any other name does not compile", () => {
  // @ts-expect-error: ImageSource is closed.
  const leaking: ImageSource = { ...source, args: { OPENAI_API_KEY: "sk-123" } };
  assert.ok(leaking);
});

test("no account of a registry passes through the inputs, and so through the state", async () => {
  for (const [key, builder] of [
    [docker, dockerBuilder],
    [buildKit, buildKitBuilder("slipway")],
  ] as const) {
    const { inputs } = await resource(key, builder);
    assert.ok(!("registry" in inputs) && !("registries" in inputs) && !("secrets" in inputs));
  }
});

test("removing the stack leaves the image in the registry", async () => {
  for (const [key, builder] of [
    [docker, dockerBuilder],
    [buildKit, buildKitBuilder("slipway")],
  ] as const) {
    const { options } = await resource(key, builder);
    assert.equal(options.retainondelete, true);
  }
});

async function resource(key: string, builder: ImageBuilder) {
  const state = { digest, repoDigest: `${repository}@${digest}` };
  const { resources } = await build(builder, { state: () => state });
  const found = resources.get(key);
  assert.ok(found, `${key} is not among ${[...resources.keys()].join(", ")}`);
  return found;
}
