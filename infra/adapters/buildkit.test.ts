import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pushImage } from "./buildkit.ts";
import { CommandError } from "./process.ts";
import { closedPort, listen } from "./testing/listen.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const context = "/context";
const dockerfile = "/dockerfile";
const address = "unix:///buildkit.sock";

/** A buildctl that ends with a code, and the arguments that it was called with. */
async function fakeBuildctl(t: TestContext, exitCode: number) {
  const folder = await temporaryFolder(t);
  const [buildctl, log] = [join(folder, "buildctl"), join(folder, "log")];
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > ${log}\necho "no traces" >&2\nexit ${exitCode}\n`;
  await writeFile(buildctl, script, { mode: 0o755 });
  return { buildctl, args: async () => (await readFile(log, "utf8")).trimEnd().split("\n") };
}

/** The name of an image in a registry that has it, or has not. */
async function imageIn(t: TestContext, status: 200 | 404): Promise<string> {
  const headers = { "docker-content-digest": `sha256:${"a".repeat(64)}` };
  const registry = createServer((_, response) => response.writeHead(status, headers).end());
  return `127.0.0.1:${await listen(t, registry)}/team/agent:1`;
}

test("an image is built from its folders and pushed uncompressed", async (t) => {
  const { buildctl, args } = await fakeBuildctl(t, 0);
  await pushImage({ buildctl, address, reference: "localhost:5000/a:1", context, dockerfile });
  assert.deepEqual(await args(), [
    "--addr=unix:///buildkit.sock",
    "build",
    "--progress=plain",
    "--frontend=dockerfile.v0",
    "--local=context=/context",
    "--local=dockerfile=/dockerfile",
    "--output=type=image,name=localhost:5000/a:1,push=true,compression=uncompressed",
  ]);
});

test("with an epoch, everything in the image is of that time", async (t) => {
  const { buildctl, args } = await fakeBuildctl(t, 0);
  const reproducible = { platform: "linux/amd64", epoch: "315532800" };
  const reference = "localhost:5000/a:1";
  await pushImage({ buildctl, address, reference, context, dockerfile, ...reproducible });
  const given = (await args()).join("\n");
  assert.match(given, /^--opt=platform=linux\/amd64$/m);
  assert.match(given, /^--opt=build-arg:SOURCE_DATE_EPOCH=315532800$/m);
  assert.match(given, /^--output=.*,rewrite-timestamp=true$/m);
});

test("a buildctl that fails after the image was pushed has done its work", async (t) => {
  const { buildctl } = await fakeBuildctl(t, 1);
  const reference = await imageIn(t, 200);
  await pushImage({ buildctl, address, reference, context, dockerfile });
});

test("a failure without an image in the registry, or without a registry, is buildctl's own", async (t) => {
  const { buildctl } = await fakeBuildctl(t, 1);
  for (const reference of [await imageIn(t, 404), `127.0.0.1:${await closedPort()}/agent:1`]) {
    const failure = pushImage({ buildctl, address, reference, context, dockerfile });
    await assert.rejects(failure, (error) => {
      assert.ok(error instanceof CommandError);
      assert.match(error.message, /no traces/);
      return true;
    });
  }
});
