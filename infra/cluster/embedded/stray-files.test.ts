import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { prune } from "./stray-files.ts";

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), "slipway-"));
  const folder = join(parent, "var");
  await mkdir(join(folder, "empty", "below"), { recursive: true });
  await work(folder).finally(() => rm(parent, { recursive: true }));
}

test("empty folders and links that lead nowhere go, with the folder itself", () =>
  withFolder(async (folder) => {
    await symlink(join(folder, "gone"), join(folder, "link"));
    await prune(folder);
    assert.equal(existsSync(folder), false);
  }));

test("files of others stay", () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, "theirs"), "");
    await prune(folder);
    assert.equal(existsSync(join(folder, "theirs")), true);
    assert.equal(existsSync(join(folder, "empty")), false);
  }));

test("a socket that somebody listens on stays", () =>
  withFolder(async (folder) => {
    const server = createServer().listen(join(folder, "alive.sock"));
    await once(server, "listening");
    await prune(folder);
    assert.equal(existsSync(join(folder, "alive.sock")), true);
    server.close();
    await once(server, "close");
  }));

test("a folder that is not there is no error", () => prune("/nonexistent/slipway"));
