import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { root } from "../infra/adapters/paths.ts";
import { CommandError, run } from "../infra/adapters/process.ts";

const checkout = await mkdtemp(join(tmpdir(), "slipway-test-"));
after(() => rm(checkout, { recursive: true }));
for (const part of ["infra", "scripts", "stacks", "package.json"]) {
  await cp(join(root, part), join(checkout, part), {
    recursive: true,
    filter: (path) => !/__pycache__|\.venv|release\.json$|toolchain.modules/.test(path),
  });
}
await symlink(join(root, "node_modules"), join(checkout, "node_modules"));

/** Runs a command that has to be refused, and returns what it says. */
async function refusal(...args: readonly string[]): Promise<string> {
  const program = join(checkout, "scripts", "slipway.mjs");
  const env = { HOME: checkout, PATH: process.env.PATH };
  const outcome = run(process.execPath, [program, ...args], { env, timeoutMs: 60_000 });
  const error = await outcome.then(
    () => assert.fail(`slipway ${args.join(" ")} did not refuse it`),
    (reason) => reason,
  );
  assert.ok(error instanceof CommandError, String(error));
  assert.equal(error.exitCode, 2, error.stderr);
  assert.doesNotMatch(error.stderr, /bug in slipway|\n +at /);
  return error.stderr;
}

const values = "stacks/dev/fastapi-agent/values.yaml";
const declaration = "infra/packages/fastapi-agent/package.yaml";

const disasters: readonly (readonly [string, string, (path: string) => unknown, RegExp])[] = [
  [
    "bytes that are no UTF-8",
    values,
    (path) => writeFile(path, "a\n\xff", "latin1"),
    /:2: is not UTF-8/,
  ],
  ["a folder", values, (path) => mkdir(path), /values\.yaml: is a folder/],
  ["a pipe", declaration, (path) => run("mkfifo", [path]), /package\.yaml: is no file/],
  ["a link to nothing", values, (path) => symlink("nowhere", path), /: is a link to nothing/],
  ["a device without end", declaration, (path) => symlink("/dev/zero", path), /: is no file/],
  [
    "NUL bytes",
    "stacks/pipeline.yaml",
    (path) => writeFile(path, "\0".repeat(99)),
    /pipeline\.yaml/,
  ],
  ["megabytes", values, (path) => writeFile(path, "x: 1\n".repeat(1e6)), /longer than 100000/],
  ["nesting without end", values, (path) => writeFile(path, "[".repeat(9000)), /nests more than/],
];

for (const [what, file, make, message] of disasters) {
  test(`${what} in place of ${file} ends every command with exit code 2`, async () => {
    const path = join(checkout, file);
    await rm(path);
    try {
      await make(path);
      assert.match(await refusal("render", "dev"), message);
      assert.match(await refusal("config", "check"), message);
      if (file !== values) assert.match(await refusal("new", "my-agent"), message);
    } finally {
      await rm(path, { recursive: true });
      await cp(join(root, file), path);
    }
  });
}

test("with --json, what is wrong is the result", async () => {
  const path = join(checkout, values);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "replicas: &a { min: 2 }\nresources: *a\n");
  try {
    await assert.rejects(
      run(process.execPath, [join(checkout, "scripts", "slipway.mjs"), "render", "dev", "--json"]),
      ({ stdout }: CommandError) => {
        const { error } = JSON.parse(stdout);
        assert.equal(error.code, "invalid-input");
        assert.match(error.message, /values\.yaml:2:12: aliases are not supported/);
        return true;
      },
    );
  } finally {
    await cp(join(root, values), path);
  }
});
