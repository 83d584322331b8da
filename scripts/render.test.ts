import assert from "node:assert/strict";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../infra/adapters/testing/temporary-folder.ts";
import { Checkout } from "./bench/checkout.ts";
import { fleetTexts } from "./bench/fleet.ts";
import { runStep } from "./bench/sample.ts";

const canary = "sk-canary-0123456789abcdef";

/** A checkout of its own with two agents, and a secret in its env file. */
async function checkoutAt(folder: string): Promise<Checkout> {
  const checkout = await Checkout.make(folder);
  for (const sample of ["stacks", "infra/packages"]) {
    await rm(join(folder, sample), { recursive: true });
  }
  await checkout.write({
    ...(await fleetTexts(2)),
    "stacks/.env.dev": `OPENAI_API_KEY=${canary}\n`,
    "stacks/Pulumi.dev.yaml": `config:\n  slipway:secretVersions: '{"agent-000":"0123456789"}'\n`,
  });
  return checkout;
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const texts = paths.map(async (path) => [
    path.slice(folder.length),
    await readFile(path, "utf8"),
  ]);
  return Object.fromEntries((await Promise.all(texts)).sort());
}

/** Everything that `render` makes in a checkout, with the permissions that a umask leaves. */
async function renderAll(t: TestContext, name: string, umask: number) {
  const folder = await temporaryFolder(t);
  const usual = process.umask(umask);
  try {
    const checkout = await checkoutAt(join(folder, name));
    const outputs: Record<string, string> = {};
    outputs.yaml = await runStep(checkout.slipway("render", "dev"));
    outputs.json = await runStep(checkout.slipway("render", "dev", "--json"));
    for (const format of ["kustomize", "argocd", "flux"]) {
      const repository = ["--repository", "https://github.com/team/deploy.git"];
      const output = ["--format", format, "--output", `gitops/${format}`];
      await runStep(checkout.slipway("render", "dev", ...output, ...repository));
    }
    return { ...outputs, ...(await filesIn(join(checkout.folder, "gitops"))) };
  } finally {
    process.umask(usual);
  }
}

test("two checkouts with other paths and umasks render the same bytes, and no secret", async (t) => {
  const one = await renderAll(t, "one", 0o022);
  const other = await renderAll(t, "another-place", 0o077);
  assert.deepEqual(one, other);
  assert.ok(Object.keys(one).length > 40);
  const all = JSON.stringify(one);
  for (const form of [canary, btoa(canary), encodeURIComponent(canary)]) {
    assert.ok(!all.includes(form.slice(0, -4)));
  }
  assert.match(one.yaml ?? "", /^# {3}agents-dev\/agent-000-0123456789: OPENAI_API_KEY/m);
  assert.match(one.yaml ?? "", /secretName: agent-001-unset\n/);
});
