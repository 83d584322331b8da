import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import { sampleTexts } from "../domain/test/sample-stack.ts";
import { readBehaviourTexts } from "./behaviour-texts.ts";
import { root } from "./paths.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const sample = sampleTexts()["infra/packages/fastapi-agent/package.yaml"] ?? "";

test("the texts that a package names are read, and nothing outside of the package", async (t) => {
  const folder = await temporaryFolder(t);
  const own = join(folder, "package");
  await mkdir(join(own, "prompts", "more"), { recursive: true });
  await writeFile(join(own, "prompts", "system.md"), "Be brief.");
  await writeFile(join(own, "prompts", "more", "tone.md"), "Be kind.");
  await writeFile(join(own, "prompts", ".hidden"), "no");
  await writeFile(join(own, "tools.yaml"), "x".repeat(1_000_000));
  await writeFile(join(folder, "outside"), "canary");
  await symlink(join(folder, "outside"), join(own, "prompts", "link.md"));
  await symlink(join(folder, "outside"), join(own, "model.yaml"));
  await symlink(join(own, "prompts", "system.md"), join(own, "prompts", "again.md"));
  const name = relative(root, own);
  const texts = {
    [`${name}/package.yaml`]: `${sample}prompts: prompts\nmodel: model.yaml\ntools: tools.yaml\n`,
  };
  const found = await readBehaviourTexts(name, texts);
  assert.deepEqual(Object.keys(found).sort(), [
    `${name}/prompts/again.md`,
    `${name}/prompts/more/tone.md`,
    `${name}/prompts/system.md`,
    `${name}/tools.yaml`,
  ]);
  assert.equal(found[`${name}/prompts/system.md`], "Be brief.");
  const tools = found[`${name}/tools.yaml`] ?? "";
  assert.ok(tools.length > 100_000 && tools.length < 500_000);
});

test("a package that names none has none, whatever lies in its folder", async () => {
  const name = "infra/packages/fastapi-agent";
  assert.deepEqual(await readBehaviourTexts(name, { [`${name}/package.yaml`]: sample }), {});
  assert.deepEqual(await readBehaviourTexts(name, {}), {});
});
