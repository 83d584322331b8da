import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, type TestContext, test } from "node:test";
import { run } from "../adapters/process.ts";
import { closedPort } from "../adapters/testing/listen.ts";
import { temporaryFolder } from "../adapters/testing/temporary-folder.ts";
import { serveFile } from "./testing/file-server.ts";
import { ownCache } from "./testing/own-cache.ts";

const cache = await ownCache();
const { downloadTool, SilentHostError, WrongChecksumError } = await import("./download.ts");

const downloads = join(cache, "slipway", "downloads");
const content = Buffer.from(Array.from({ length: 60_000 }, (_, index) => index % 251));
const wrong = "0".repeat(64);

beforeEach(() => rm(downloads, { recursive: true, force: true }));

test("a program is fetched as it is pinned", async (t) => {
  const { pin } = await serveFile(t, content);
  const { file, folder } = await downloadTool("kubectl", pin);
  assert.equal(file, join(folder, "kubectl"));
  assert.deepEqual(await readFile(file), content);
});

test("bytes that are not the pinned ones are refused, and nothing of them stays", async (t) => {
  const { pin, asked } = await serveFile(t, content);
  await assert.rejects(downloadTool("kubectl", { ...pin, sha256: wrong }), (error: Error) => {
    assert.ok(error instanceof WrongChecksumError);
    assert.equal(error.message, `${pin.url} has SHA-256 ${pin.sha256}, and ${wrong} is pinned`);
    return true;
  });
  assert.deepEqual(await readdir(downloads), []);
  assert.deepEqual(asked, ["all"]);
});

test("a download whose connection is cut goes on where it stopped", async (t) => {
  const large = Buffer.alloc(8_000_000, content);
  const { pin, asked } = await serveFile(t, large, { cutAt: 5_000_000 });
  const { file } = await downloadTool("kubectl", pin);
  assert.ok(large.equals(await readFile(file)));
  const starts = asked.map((range) => Number(/\d+/.exec(range) ?? 0));
  assert.ok(starts.length > 1, "the rest was asked for");
  assert.deepEqual(
    starts,
    [...new Set(starts)].sort((a, b) => a - b),
  );
});

test("a cut that brings no more bytes ends the attempts", async (t) => {
  const { pin } = await serveFile(t, content, { cutAt: 0 });
  await assert.rejects(downloadTool("kubectl", pin));
});

test("what an earlier run began is continued, and a server without ranges sends it all", async (t) => {
  for (const ignoresRange of [false, true]) {
    const { pin, asked } = await serveFile(t, content, { ignoresRange });
    await mkdir(downloads, { recursive: true });
    await writeFile(join(downloads, `${pin.sha256}.part`), content.subarray(0, 100));
    const { file } = await downloadTool("kubectl", pin);
    assert.deepEqual(await readFile(file), content);
    assert.deepEqual(asked, ["bytes=100-"]);
    await rm(join(downloads, pin.sha256));
  }
});

test("a complete rest that an earlier run did not get to check is not fetched again", async (t) => {
  const { pin, asked } = await serveFile(t, content);
  await mkdir(downloads, { recursive: true });
  await writeFile(join(downloads, `${pin.sha256}.part`), content);
  assert.deepEqual(await readFile((await downloadTool("kubectl", pin)).file), content);
  assert.deepEqual(asked, [`bytes=${content.length}-`]);
});

test("a beginning that is not of this file is thrown away, and the file fetched whole", async (t) => {
  const { pin, asked } = await serveFile(t, content);
  await mkdir(downloads, { recursive: true });
  await writeFile(join(downloads, `${pin.sha256}.part`), "something else");
  assert.deepEqual(await readFile((await downloadTool("kubectl", pin)).file), content);
  assert.deepEqual(asked, ["bytes=14-", "all"]);
});

test("a cached download whose bytes changed is fetched again", async (t) => {
  const { pin, asked } = await serveFile(t, content);
  await mkdir(downloads, { recursive: true });
  await writeFile(join(downloads, pin.sha256), Buffer.alloc(content.length));
  assert.deepEqual(await readFile((await downloadTool("kubectl", pin)).file), content);
  assert.deepEqual(asked, ["all"]);
});

test("of an archive whose folder has the tool's name, the program is taken; for two tools it is fetched once", async (t) => {
  const archive = await archiveOf(t, {
    "buildctl/buildctl": "the client",
    "buildctl/buildkitd": "the daemon",
  });
  const { pin, asked } = await serveFile(t, archive, { name: "buildkit.tar.gz" });
  const programs = [await downloadTool("buildctl", pin), await downloadTool("buildkitd", pin)];
  assert.deepEqual(await Promise.all(programs.map(({ file }) => readFile(file, "utf8"))), [
    "the client",
    "the daemon",
  ]);
  assert.deepEqual(asked, ["all"]);
});

test("an archive without the program is refused", async (t) => {
  const archive = await archiveOf(t, { "etcd/README": "no program" });
  const { pin } = await serveFile(t, archive, { name: "etcd.tgz" });
  await assert.rejects(downloadTool("etcd", pin), /holds no file named etcd/);
});

test("only a host that gives no answer is silent; one that says no is not", async (t) => {
  const silent = { url: `http://127.0.0.1:${await closedPort()}/etcd`, sha256: wrong };
  await assert.rejects(downloadTool("etcd", silent), (error: Error) => {
    assert.ok(error instanceof SilentHostError);
    assert.match(error.message, /ECONNREFUSED/);
    return true;
  });
  const { pin } = await serveFile(t, content, { status: 404 });
  await assert.rejects(downloadTool("etcd", pin), (error: Error) => {
    assert.ok(!(error instanceof SilentHostError));
    assert.equal(error.message, `${pin.url} answered 404`);
    return true;
  });
});

async function archiveOf(t: TestContext, files: Record<string, string>) {
  const folder = await temporaryFolder(t);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const archive = join(folder, "archive.tar.gz");
  const tops = [...new Set(Object.keys(files).map((path) => path.split("/")[0] ?? path))];
  await run("tar", ["-czf", archive, "-C", folder, ...tops]);
  return readFile(archive);
}
