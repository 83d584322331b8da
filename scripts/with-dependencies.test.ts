import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readIfExists } from "../infra/adapters/files.ts";
import { root } from "../infra/adapters/paths.ts";
import { type CommandError, run } from "../infra/adapters/process.ts";

const lock = (version: string) =>
  JSON.stringify({ packages: { "": { version: "0.1.0" }, "node_modules/yaml": { version } } });

/** A checkout whose npm notes how it is called, and installs what the lock file says. */
async function checkout(
  t: TestContext,
  npm = "cp package-lock.json node_modules/.package-lock.json",
) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  t.after(() => rm(folder, { recursive: true }));
  for (const part of ["scripts", "node_modules", "bin"]) await mkdir(join(folder, part));
  const script = "with-dependencies.mjs";
  await cp(join(root, "scripts", script), join(folder, "scripts", script));
  await writeFile(
    join(folder, "scripts", "hello.mjs"),
    "console.log(process.argv.slice(2).join()); process.exitCode = 3;",
  );
  await writeFile(join(folder, "package-lock.json"), lock("2.0.0"));
  await writeFile(join(folder, "bin", "npm"), `#!/bin/sh\necho "$@" >> npm-calls\n${npm}\n`, {
    mode: 0o755,
  });
  const installed = join(folder, "node_modules", ".package-lock.json");
  const start = () =>
    run(process.execPath, [join(folder, "scripts", script), "hello", "a", "b"], {
      env: { PATH: `${join(folder, "bin")}:${process.env.PATH}` },
    }).then(
      () => assert.fail("the script ends with 3"),
      (error: CommandError) => error,
    );
  return { installed, start, calls: () => readIfExists(join(folder, "npm-calls")) };
}

test("missing dependencies are installed, then the script runs with its arguments and exit code", async (t) => {
  const { start, calls } = await checkout(t);
  const { exitCode, stdout } = await start();
  assert.deepEqual([exitCode, stdout], [3, "a,b\n"]);
  assert.equal(await calls(), "ci --loglevel=error\n");
});

test("dependencies that are those of the lock file are left alone", async (t) => {
  const { installed, start, calls } = await checkout(t);
  await writeFile(installed, lock("2.0.0"));
  assert.equal((await start()).exitCode, 3);
  assert.equal(await calls(), undefined);
});

test("dependencies of another version are installed anew", async (t) => {
  const { installed, start, calls } = await checkout(t);
  await writeFile(installed, lock("1.0.0"));
  await start();
  assert.equal(await calls(), "ci --loglevel=error\n");
  assert.equal(await readFile(installed, "utf8"), lock("2.0.0"));
});

test("an installation that fails ends with 2 and what to type next", async (t) => {
  const { start } = await checkout(t, "exit 1");
  const { exitCode, stdout, stderr } = await start();
  assert.deepEqual([exitCode, stdout], [2, ""]);
  assert.match(stderr, /error: npm ci failed\nnext: {2}npm ci\n$/);
});
