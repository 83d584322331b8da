import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const scratch = await mkdtemp(join(tmpdir(), "slipway-wheels-"));
const programs = join(scratch, "bin");
const calls = join(scratch, "calls");
after(() => rm(scratch, { recursive: true }));
process.env.XDG_CACHE_HOME = join(scratch, "cache");
process.env.PATH = `${programs}:${process.env.PATH}`;
process.env.PIP_INDEX_URL = "https://packages.example/simple";
const { ensureWheels } = await import("./wheels.ts"); // After the cache is set.

/** Puts a pip in place that records its arguments and its index, then does what `script` says. */
async function fakePip(script: string): Promise<void> {
  await mkdir(programs, { recursive: true });
  const text = `#!/bin/sh
echo "$PIP_INDEX_URL $@" >>"${calls}"
for word; do case "$word" in --dest=*) dest="\${word#--dest=}";; esac; done
${script}
`;
  await writeFile(join(programs, "python3"), text, { mode: 0o755 });
  await writeFile(calls, "");
}

const ensure = (text: string, platform: "linux/amd64" | "linux/arm64" = "linux/amd64") =>
  ensureWheels({ requirements: "/app/requirements.txt", text, platform, report: () => {} });

const readCalls = async () => (await readFile(calls, "utf8")).trim().split("\n").filter(Boolean);

test("wheels are downloaded by hash, never built, for the image's Python and machine", async () => {
  await fakePip('touch "$dest/h11-0.16.0-py3-none-any.whl"');
  const folder = await ensure("h11==0.16.0");
  assert.deepEqual(await readdir(folder), ["h11-0.16.0-py3-none-any.whl"]);
  const [call = ""] = await readCalls();
  for (const argument of [
    "-m pip download",
    "--require-hashes",
    "--only-binary=:all:",
    "--no-deps",
    "--python-version=3.11",
    "--platform=manylinux2014_x86_64",
    "--platform=manylinux_2_28_x86_64",
    "--requirement=/app/requirements.txt",
  ]) {
    assert.ok(call.includes(argument), argument);
  }
  assert.ok(call.startsWith("https://packages.example/simple"), "pip has the user's own index");
});

test("the same requirements are downloaded once for each platform", async () => {
  await fakePip('touch "$dest/a.whl"');
  const folder = await ensure("a==1");
  assert.equal(await ensure("a==1"), folder);
  assert.equal((await readCalls()).length, 1);
  assert.notEqual(await ensure("a==1", "linux/arm64"), folder);
  assert.match((await readCalls())[1] ?? "", /manylinux_2_28_aarch64/);
});

test("two downloads of the same requirements at once end in one complete folder", async () => {
  await fakePip('touch "$dest/b.whl"');
  const [one, two] = await Promise.all([ensure("b==1"), ensure("b==1")]);
  assert.equal(one, two);
  assert.deepEqual(await readdir(one), ["b.whl"]);
});

test("a download that fails says so, and leaves nothing that a later build would use", async () => {
  await fakePip(
    'touch "$dest/half.whl"; echo "THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1',
  );
  await assert.rejects(ensure("c==1"), { code: "wheels", message: /DO NOT MATCH THE HASHES/ });
  await fakePip('touch "$dest/c.whl"');
  assert.deepEqual(await readdir(await ensure("c==1")), ["c.whl"]);
  const left = await readdir(join(scratch, "cache", "slipway", "wheels"));
  assert.ok(!left.some((name) => name.includes(".")), left.join(" "));
});
