import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { readIfExists } from "../adapters/files.ts";
import { run } from "../adapters/process.ts";
import type { Child } from "../adapters/testing/child.ts";
import { closedPort } from "../adapters/testing/listen.ts";
import { goVersion } from "./build.ts";
import { manifest } from "./manifest.ts";
import { serveFile } from "./testing/file-server.ts";
import { ensured, makeWorld, textsOf, type World } from "./testing/world.ts";

const content = Buffer.alloc(3_000_000, "a program of some size\n");

/** Every file in the cache of tools, from there, but for locks. */
async function placed({ tools }: World): Promise<string[]> {
  const entries = await readdir(tools, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"))
    .map((entry) => join(entry.parentPath, entry.name).slice(tools.length + 1))
    .sort();
}

/** Stands in for Go: "builds" a text for every package that is asked for. */
const fakeGo = `
  [ "$1" = env ] && { echo go1.26.0; exit 0; }
  while [ "$1" != -o ]; do shift; done
  out="$2"; shift 2
  for package; do echo "built from $package" > "$out/\${package##*/}"; done
`;

test("a download is checked, placed for everybody to run, and not fetched again", async (t) => {
  const world = await makeWorld(t);
  const { pin, asked } = await serveFile(t, content);
  await world.pin({ "metrics-server": pin });
  const first = await ensured(world.ensure(["metrics-server"]));
  assert.deepEqual(first.lines, [
    `[1/1] metrics-server ${manifest["metrics-server"].version}: downloading`,
  ]);
  assert.deepEqual(await textsOf(first), { "metrics-server": content.toString() });
  const second = await ensured(world.ensure(["metrics-server"]));
  assert.deepEqual(second, { paths: first.paths, lines: [] });
  assert.deepEqual(asked, ["all"]);
});

test("a download with the wrong hash is an error that installs nothing and builds nothing", async (t) => {
  const world = await makeWorld(t);
  await world.addProgram("go", fakeGo);
  const { pin } = await serveFile(t, content);
  await world.pin({ "metrics-server": { ...pin, sha256: "0".repeat(64) } });
  const { error } = await ensured(world.ensure(["metrics-server"]));
  assert.equal(error?.type, "UserError");
  assert.equal(error.code, "tool-checksum");
  assert.ok(error.message.includes(pin.url) && error.message.includes("0".repeat(64)));
  assert.match(error.hint, /^Nothing was installed/);
  assert.deepEqual(await placed(world), []);
  assert.deepEqual(await readdir(join(world.tools, "..", "downloads")), []);
});

test("without network and without Go, the error names the tools and what to install", async (t) => {
  const world = await makeWorld(t);
  const dead = { url: `http://127.0.0.1:${await closedPort()}/x`, sha256: "0".repeat(64) };
  await world.pin({ buildctl: dead, buildkitd: dead });
  const { error, lines } = await ensured(world.ensure(["buildctl", "buildkitd"]));
  assert.equal(error?.type, "UserError");
  assert.equal(error.code, "go-missing");
  assert.match(error.message, /^buildctl, buildkitd cannot be downloaded here, and there is no Go/);
  assert.match(error.hint, /^Install Go/);
  // The host is asked once: it would not answer for the second tool either.
  assert.equal(lines.filter((line) => line.includes("no download (")).length, 1);
});

test("what cannot be downloaded is built, several tools of a module at once", async (t) => {
  const world = await makeWorld(t);
  await world.addProgram("go", fakeGo);
  const result = await ensured(world.ensure(["buildctl", "buildkitd"]));
  assert.deepEqual(await textsOf(result), {
    buildctl: `built from ${manifest.buildctl.package}\n`,
    buildkitd: `built from ${manifest.buildkitd.package}\n`,
  });
  assert.equal(result.lines[0], "[1/1] buildctl, buildkitd 0.31.0: building from source");
  assert.deepEqual(await readdir(join(world.tools, "..", "build", "buildkit")), []);
});

test("a build that fails is an error with the compiler's words", async (t) => {
  const world = await makeWorld(t);
  await world.addProgram("go", `${fakeGo.split("\n")[1]}\necho 'no such package' >&2; exit 1`);
  const { error } = await ensured(world.ensure(["etcd"]));
  assert.equal(error?.code, "tool-build");
  assert.match(
    error.message,
    /^etcd could not be built from source\n.*go build.*\nno such package$/s,
  );
  assert.deepEqual(await placed(world), []);
  assert.deepEqual(await readdir(join(world.tools, "..", "build", "etcd")), []);
});

for (const [what, damage] of [
  ["was cut short", content.subarray(0, 1000)],
  ["has other bytes of the same number", Buffer.alloc(content.length, "x")],
] as const) {
  test(`a cached program that ${what} is replaced`, async (t) => {
    const world = await makeWorld(t);
    const { pin } = await serveFile(t, content);
    await world.pin({ "metrics-server": pin });
    const { paths = {} } = await ensured(world.ensure(["metrics-server"]));
    await writeFile(paths["metrics-server"] ?? "", damage);
    const again = await ensured(world.ensure(["metrics-server"]));
    assert.deepEqual(await textsOf(again), { "metrics-server": content.toString() });
  });
}

test("two runs at once fetch once, and the second says for whom it waits", async (t) => {
  const world = await makeWorld(t);
  await world.addProgram(
    "go",
    `${fakeGo}\necho built >> "$HOME/builds"; while [ ! -e "$HOME/go-on" ]; do sleep 0.02; done`,
  );
  const step = `[1/1] metrics-server ${manifest["metrics-server"].version}`;
  const first = world.ensure(["metrics-server"]);
  await first.printed(`report: ${step}: building from source`);
  const second = world.ensure(["metrics-server"]);
  await second.printed(
    `report: ${step}: waiting for process ${first.process.pid}, which is fetching it`,
  );
  await writeFile(join(world.folder, "go-on"), "");
  const [one, other] = await Promise.all([ensured(first), ensured(second)]);
  assert.deepEqual(one.paths, other.paths);
  assert.equal(await readFile(join(world.folder, "builds"), "utf8"), "built\n");
});

test("a run that is killed during a download leaves nothing half-done, and the next goes on", async (t) => {
  const world = await makeWorld(t);
  const { pin, asked } = await serveFile(t, content, { stallAt: 2_000_000 });
  await world.pin({ "metrics-server": pin });
  const killed = world.ensure(["metrics-server"]);
  await textOf(killed, join(world.tools, "..", "downloads", `${pin.sha256}.part`));
  killed.process.kill("SIGKILL");
  await killed.ended();
  assert.deepEqual(await placed(world), []);
  const result = await ensured(world.ensure(["metrics-server"]));
  assert.deepEqual(await textsOf(result), { "metrics-server": content.toString() });
  assert.match(asked.at(-1) ?? "", /^bytes=[1-9]\d*-$/);
});

test("a run that is killed during a build leaves nothing that is used, and the next cleans up", async (t) => {
  const world = await makeWorld(t);
  await world.addProgram("go", `${fakeGo}\necho $$ > "$HOME/pid"; exec sleep 60`);
  const killed = world.ensure(["coredns"]);
  const compiler = Number(await textOf(killed, join(world.folder, "pid")));
  t.after(() => process.kill(compiler, "SIGKILL"));
  killed.process.kill("SIGKILL");
  await killed.ended();
  assert.deepEqual(await placed(world), []);
  await world.addProgram("go", fakeGo);
  const result = await ensured(world.ensure(["coredns"]));
  assert.deepEqual(Object.keys(await textsOf(result)), ["coredns"]);
  assert.deepEqual(await readdir(join(world.tools, "..", "build", "coredns")), []);
});

/** The text of a file that the child writes, once there is some. */
async function textOf(child: Child, path: string): Promise<string> {
  for (;;) {
    const text = await readIfExists(path);
    if (text) return text;
    assert.equal(child.process.exitCode, null, `the child ended without writing ${path}`);
    await nextTurn();
  }
}

test("a fitting program on PATH comes before everything else, and Pulumi finds it too", async (t) => {
  const world = await makeWorld(t);
  const { version, pulumiPath } = manifest.pulumi;
  await world.addProgram("pulumi", `echo v${version}`);
  const { paths, lines } = await ensured(world.ensure(["pulumi"]));
  assert.deepEqual([paths?.pulumi, lines], [join(world.folder, "bin", "pulumi"), []]);
  const linked = join(world.folder, "pulumi", pulumiPath ?? "");
  assert.equal((await run(linked, ["version"])).stdout, `v${version}\n`);
});

test("pause is built from its source with the real Go", async (t) => {
  if (!(await goVersion())) return t.skip("there is no Go on PATH");
  const { stdout } = await run("go", ["env", "GOCACHE"]);
  const world = await makeWorld(t, { PATH: process.env.PATH, GOCACHE: stdout.trim() });
  const { paths = {}, error } = await ensured(world.ensure(["pause"]));
  assert.equal(error, undefined);
  const magic = (await readFile(paths.pause ?? "")).subarray(0, 4).toString("latin1");
  if (process.platform === "linux") assert.equal(magic, "\x7fELF");
  await assert.rejects(run(paths.pause ?? "", [], { timeoutMs: 300 }), /took longer/);
});
