import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { run } from "../process.ts";
import { ownCheckout } from "../testing/checkout.ts";
import { setVariable } from "../testing/environment.ts";

const checkout = await ownCheckout();
const { makeCipher, openCipher, saltIn } = await import("./cipher.ts");
const { changePassphrase, finishPassphraseChange } = await import("./passphrase-change.ts");

const config = join(checkout, "stacks/Pulumi.dev.yaml");
const state = join(checkout, ".slipway/state/.pulumi/stacks/deploy/dev.json");
const own = join(checkout, ".slipway/passphrase.dev");
const journal = `${own}.change`;
const old = await makeCipher("old");
const foreign = (await makeCipher("another")).seal("x");
const inConfig = `# ours\nencryptionsalt: ${old.salt}\nconfig:\n  a:plain: v1:2\n  a:b:\n    secure: ${old.seal("canary-1")}\n`;
const inState = JSON.stringify({ ciphertext: old.seal("canary-2"), salt: old.salt, big: 0.1 });

async function write(path: string, text: string) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o600 });
}

beforeEach(async () => {
  await rm(join(checkout, ".slipway"), { recursive: true, force: true });
  await write(config, inConfig);
  await write(state, inState);
  await write(own, "old");
});

/** Everything that is sealed in a file, opened with the passphrase that it has now. */
async function opened(path: string, passphrase: string): Promise<string[]> {
  const text = await readFile(path, "utf8");
  const cipher = await openCipher(saltIn(text) ?? "", passphrase);
  assert.ok(cipher, `${passphrase} does not open ${path}`);
  const values = [...text.matchAll(/(?<!v1:.{12}:)v1:.{16}:[\w+/=]+/g)];
  return values.map(([value]) => cipher.open(value) ?? assert.fail(`${value} does not open`));
}

test("configuration, state and passphrase change together, and nothing else in them", async () => {
  assert.deepEqual(await changePassphrase("dev", "new\n"), { kept: ".slipway/passphrase.dev" });
  assert.equal(await readFile(own, "utf8"), "new");
  assert.deepEqual(await opened(config, "new"), ["canary-1"]);
  assert.deepEqual(await opened(state, "new"), ["canary-2"]);
  const masked = (text: string) => text.replaceAll(/v1:[\w+/=]{12,}:[\w+/=:]*/g, "sealed");
  assert.equal(masked(await readFile(config, "utf8")), masked(inConfig));
  assert.equal(masked(await readFile(state, "utf8")), masked(inState));
  assert.ok(!existsSync(journal));
});

test("killed at any of its steps, all has changed or nothing", async () => {
  // Renaming is what makes a step visible: the process ends itself before one of them.
  const killedBefore = (step: number) => `
    globalThis.SLIPWAY_ROOT = ${JSON.stringify(checkout)};
    const { default: fs } = await import("node:fs/promises");
    const { syncBuiltinESMExports } = await import("node:module");
    const { rename } = fs;
    let steps = 0;
    fs.rename = (...paths) => {
      if (++steps === ${step}) process.kill(process.pid, "SIGKILL");
      return rename(...paths);
    };
    syncBuiltinESMExports();
    const module = await import(${JSON.stringify(pathToFileURL(import.meta.filename).href)}.replace(".test.ts", ".ts"));
    await module.changePassphrase("dev", "new");
  `;
  for (const step of [1, 2, 3, 4, 5]) {
    await write(config, inConfig);
    await write(state, inState);
    await write(own, "old");
    const script = ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval"];
    const child = run(process.execPath, [...script, killedBefore(step)]);
    if (step < 5) await assert.rejects(child, /SIGKILL/);
    else await child;
    await finishPassphraseChange("dev");
    const passphrase = step === 1 ? "old" : "new";
    assert.equal(await readFile(own, "utf8"), passphrase, `step ${step}`);
    assert.deepEqual(await opened(config, passphrase), ["canary-1"]);
    assert.deepEqual(await opened(state, passphrase), ["canary-2"]);
    assert.ok(!existsSync(journal));
  }
});

test("a passphrase that the user keeps is left to the user", async (t) => {
  const given = join(checkout, "given");
  await writeFile(given, "old\n");
  setVariable(t, "PULUMI_CONFIG_PASSPHRASE_FILE", given);
  await rm(own);
  assert.deepEqual(await changePassphrase("dev", "new"), {});
  assert.equal(await readFile(given, "utf8"), "old\n");
  assert.ok(!existsSync(own));
  assert.deepEqual(await opened(config, "new"), ["canary-1"]);
});

for (const [what, arrange, code] of [
  ["a wrong passphrase", () => write(own, "wrong"), "passphrase-wrong"],
  ["a value of another passphrase", () => write(state, `${inState}${foreign}`), "stack-config"],
  ["nothing that is encrypted", () => write(config, "config: {}\n"), "not-encrypted"],
] as const) {
  test(`${what} is refused, and nothing has changed`, async () => {
    await arrange();
    const before = await Promise.all([config, state, own].map((path) => readFile(path, "utf8")));
    await assert.rejects(changePassphrase("dev", "new"), { code });
    const after = await Promise.all([config, state, own].map((path) => readFile(path, "utf8")));
    assert.deepEqual(after, before);
    assert.ok(!existsSync(journal));
  });
}

test("an empty passphrase, and a state that is elsewhere, are refused", async (t) => {
  await assert.rejects(changePassphrase("dev", " \n"), { code: "passphrase-empty" });
  setVariable(t, "PULUMI_BACKEND_URL", "s3://state");
  await assert.rejects(changePassphrase("dev", "new"), { code: "remote-state" });
});
