import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { setVariable } from "../adapters/testing/environment.ts";
import { temporaryFolder } from "../adapters/testing/temporary-folder.ts";
import { manifest } from "./manifest.ts";
import { fits, toolOnPath } from "./path.ts";

const { version } = manifest.etcd;

/** Writes a program that prints something, and returns its folder. */
async function program(t: TestContext, name: string, says: string, mode = 0o755): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, name), `#!/bin/sh\n${says}\n`, { mode });
  return folder;
}

const printing = (text: string) => `echo '${text}'`;

/** The folders alone are on PATH until the test ends. */
function setPath(t: TestContext, ...folders: string[]): void {
  setVariable(t, "PATH", folders.join(delimiter));
}

test("kubectl may be one minor version away, everything else is exactly as pinned", () => {
  for (const [name, found, pinned, expected] of [
    ["kubectl", "1.34.4", "1.34.4", true],
    ["kubectl", "1.33.0", "1.34.4", true],
    ["kubectl", "1.35.9", "1.34.4", true],
    ["kubectl", "1.32.9", "1.34.4", false],
    ["kubectl", "1.36.0", "1.34.4", false],
    ["kubectl", "2.34.4", "1.34.4", false],
    ["etcd", "3.6.16", "3.6.16", true],
    ["etcd", "3.6.17", "3.6.16", false],
    ["pulumi", "3.258.0", "3.259.0", false],
  ] as const) {
    assert.equal(fits(name, found, pinned), expected, `${name} ${found} for ${pinned}`);
  }
});

test("the first program on PATH whose version fits is taken", async (t) => {
  const old = await program(t, "etcd", printing("etcd Version: 3.5.0"));
  const fitting = await program(t, "etcd", printing(`etcd Version: ${version}\nGit SHA: 1a2b3c`));
  setPath(t, old, fitting);
  assert.equal(await toolOnPath("etcd"), join(fitting, "etcd"));
});

for (const [what, says, mode] of [
  ["of another version", printing("etcd Version: 3.5.0")],
  ["that fails", `echo 'etcd Version: ${version}'; exit 1`],
  ["that tells no version", printing("etcd")],
  ["that may not be run", printing(`etcd Version: ${version}`), 0o644],
] as const) {
  test(`a program ${what} is not taken`, async (t) => {
    setPath(t, await program(t, "etcd", says, mode));
    assert.equal(await toolOnPath("etcd"), undefined);
  });
}

test("an empty PATH, missing folders and folders of the name are passed over", async (t) => {
  setPath(t);
  assert.equal(await toolOnPath("etcd"), undefined);
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, "etcd"));
  setPath(t, "", join(folder, "missing"), folder);
  assert.equal(await toolOnPath("etcd"), undefined);
});

test("the npm wrapper of pulumi is not taken for pulumi, wherever it is linked from", async (t) => {
  const folder = await temporaryFolder(t);
  const wrapper = join(folder, "node_modules", "pulumi");
  const bin = join(folder, "node_modules", ".bin");
  const global = join(folder, "bin");
  for (const path of [wrapper, bin, global]) await mkdir(path, { recursive: true });
  const script = `#!/bin/sh\n${printing(`v${manifest.pulumi.version}`)}\n`;
  await writeFile(join(wrapper, "run.js"), script, { mode: 0o755 });
  for (const path of [bin, global]) await symlink(join(wrapper, "run.js"), join(path, "pulumi"));
  setPath(t, bin, global);
  assert.equal(await toolOnPath("pulumi"), undefined);
  const real = await program(t, "pulumi", printing(`v${manifest.pulumi.version}`));
  setPath(t, bin, global, real);
  assert.equal(await toolOnPath("pulumi"), join(real, "pulumi"));
});

test("a tool that tells no version is never taken from PATH", async (t) => {
  setPath(t, await program(t, "pause", printing(manifest.pause.version)));
  assert.equal(await toolOnPath("pause"), undefined);
});
