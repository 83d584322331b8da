import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { missingBuildPackages } from "./packages.ts";

const path = process.env.PATH;
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-path-"));
  process.env.PATH = folder;
});

afterEach(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true });
});

const program = (name: string, exitCode: number) =>
  writeFile(join(folder, name), `#!/bin/sh\nexit ${exitCode}\n`, { mode: 0o755 });

test("without its programs, a build needs the packages that have them", async () => {
  assert.deepEqual(await missingBuildPackages("buildkit"), ["python3-pip", "mmdebstrap"]);
  assert.deepEqual(await missingBuildPackages("docker"), ["python3-pip"]);
});

test("a Python without pip needs the package of pip", async () => {
  await program("python3", 1);
  await program("mmdebstrap", 0);
  assert.deepEqual(await missingBuildPackages("buildkit"), ["python3-pip"]);
});

test("with its programs on the machine, a build needs no package", async () => {
  await program("python3", 0);
  await program("mmdebstrap", 0);
  assert.deepEqual(await missingBuildPackages("buildkit"), []);
});
