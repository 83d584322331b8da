import assert from "node:assert/strict";
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { root } from "../infra/adapters/paths.ts";
import { run } from "../infra/adapters/process.ts";

/** A checkout with three small entry points and the real compiler. */
async function checkout(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  t.after(() => rm(folder, { recursive: true }));
  for (const part of ["scripts", "infra/build", "infra/deploy", "node_modules"]) {
    await mkdir(join(folder, part), { recursive: true });
  }
  await cp(join(root, "scripts", "load.mjs"), join(folder, "scripts", "load.mjs"));
  for (const name of ["esbuild", "@esbuild"]) {
    await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
  const write = (text: string) => writeFile(join(folder, "scripts", "cli.ts"), text);
  for (const part of ["build", "deploy"]) {
    await writeFile(join(folder, "infra", part, "index.ts"), "export const program: string = '';");
  }
  await write("declare const SLIPWAY_ROOT: string;\nexport const said: string = SLIPWAY_ROOT;");
  const cache = join(folder, "node_modules", ".cache", "slipway");
  return { folder, write, cache, copies: () => readdir(cache) };
}

async function said(folder: string): Promise<string> {
  const script = `
    const { load } = await import(process.argv[1]);
    process.stdout.write((await load("scripts/cli.ts")).said);
  `;
  const args = ["--input-type=module", "--eval", script, join(folder, "scripts", "load.mjs")];
  return (await run(process.execPath, args)).stdout;
}

test("an entry point is compiled once, and knows where the checkout is", async (t) => {
  const { folder, copies } = await checkout(t);
  assert.equal(await said(folder), folder);
  const before = await copies();
  assert.equal(before.length, 1);
  assert.equal(await said(folder), folder);
  assert.deepEqual(await copies(), before);
});

test("the machine code of a run is kept for the next, and damage to it does no harm", async (t) => {
  const { folder, cache, copies } = await checkout(t);
  await said(folder);
  const [copy = ""] = await copies();
  const code = join(cache, copy, "scripts", "cli.js.code");
  const kept = await readFile(code);
  await writeFile(code, kept.subarray(0, 100));
  assert.equal(await said(folder), folder);
  assert.ok((await readFile(code)).length > 100);
});

test("a changed source never runs from an old copy", async (t) => {
  const { folder, write } = await checkout(t);
  await said(folder);
  await write("export const said = 'changed';");
  assert.equal(await said(folder), "changed");
});

test("processes that start at once agree on one copy and leave no other", async (t) => {
  const { folder, copies } = await checkout(t);
  const all = await Promise.all([said(folder), said(folder), said(folder)]);
  assert.deepEqual(all, [folder, folder, folder]);
  assert.equal((await copies()).length, 1);
});

test("copies of another day, and what killed compilers left, are removed", async (t) => {
  const { folder, cache, copies } = await checkout(t);
  await mkdir(join(cache, "0123456789abcdef.4711"), { recursive: true });
  await utimes(join(cache, "0123456789abcdef.4711"), new Date(0), new Date(0));
  await said(folder);
  assert.equal((await copies()).length, 1);
});
