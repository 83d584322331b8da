import assert from "node:assert/strict";
import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { UserError } from "../../domain/errors.ts";
import { plainEnvironment, run } from "../process.ts";
import { ownCheckout } from "../testing/checkout.ts";
import { setVariable } from "../testing/environment.ts";
import { enginePath, pulumiHome } from "./home.ts";

const checkout = await ownCheckout();
const {
  openStackConfig,
  passphraseFile,
  readSecretVersions,
  stackConfigFile,
  writeSecretVersions,
} = await import("./stack-config.ts");

const canary = "canary-6f1d0c with € and : in it";
const passphrase = "correct horse";
const passphrasePath = join(checkout, "passphrase");

beforeEach(async () => {
  for (const folder of ["stacks", ".slipway"]) {
    await rm(join(checkout, folder), { recursive: true, force: true });
  }
  await mkdir(join(checkout, "stacks"));
  await writeFile(passphrasePath, `${passphrase}\n`, { mode: 0o600 });
});

/** What Pulumi's passphrase provider writes for a stack with one secret. */
function encrypted(): string {
  const salt = randomBytes(8);
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const seal = (text: string) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([
      cipher.update(text, "utf8"),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  return [
    `encryptionsalt: v1:${salt.toString("base64")}:${seal("pulumi")}`,
    "config:",
    "  slipway:plain: text",
    "  slipway:secrets:",
    `    secure: ${seal(canary)}`,
    "",
  ].join("\n");
}

const fixture = encrypted();

const writeConfig = (text = fixture) => writeFile(stackConfigFile("dev"), text);

/** The refusal, which repeats neither the value nor the passphrase. */
async function refusal(opened: Promise<unknown> | (() => unknown)): Promise<UserError> {
  const error = await (typeof opened === "function" ? Promise.resolve().then(opened) : opened).then(
    () => assert.fail("it was opened"),
    (reason) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.doesNotMatch(`${error.message}${error.hint}`, /canary|horse|battery/);
  return error;
}

test("an encrypted value opens with the passphrase", async () => {
  await writeConfig();
  const config = await openStackConfig("dev", passphrasePath);
  assert.equal(config.secret("slipway:secrets"), canary);
  assert.equal(config.secret("slipway:other"), undefined);
});

test("a stack without a file, or with nothing encrypted, has no secrets, and takes its first", async () => {
  for (const text of [undefined, "", "config:\n", "# ours\nconfig:\n  a:b: c # kept\n"]) {
    await rm(stackConfigFile("dev"), { force: true });
    if (text !== undefined) await writeConfig(text);
    const config = await openStackConfig("dev", passphrasePath);
    assert.equal(config.secret("slipway:secrets"), undefined);
    await config.setSecret("slipway:secrets", canary);
    const again = await openStackConfig("dev", passphrasePath);
    assert.equal(again.secret("slipway:secrets"), canary);
    const written = await readFile(stackConfigFile("dev"), "utf8");
    assert.ok(!written.includes("canary"));
    if (text?.includes("#")) assert.match(written, /^# ours\nconfig:\n {2}a:b: c # kept\n/);
  }
});

test("a value is set beside the others, under the same salt, and the file keeps its mode", async () => {
  await writeConfig();
  await chmod(stackConfigFile("dev"), 0o644);
  const config = await openStackConfig("dev", passphrasePath);
  await config.setSecret("slipway:secrets", "next");
  await config.setSecret("slipway:other", "more");
  const again = await openStackConfig("dev", passphrasePath);
  assert.equal(again.secret("slipway:secrets"), "next");
  assert.equal(again.secret("slipway:other"), "more");
  const [salt] = fixture.split("\n");
  const text = await readFile(stackConfigFile("dev"), "utf8");
  assert.ok(text.startsWith(`${salt}\nconfig:\n  slipway:plain: text\n`));
  assert.equal((await stat(stackConfigFile("dev"))).mode & 0o777, 0o644);
});

test("a configuration that a cloud's key encrypts is refused, and never written over", async () => {
  await writeConfig(
    "secretsprovider: awskms://alias/prod?region=eu-central-1\nencryptedkey: abc\n",
  );
  const { code, message } = await refusal(openStackConfig("dev", passphrasePath));
  assert.equal(code, "secrets-provider");
  assert.match(message, /^stacks\/Pulumi\.dev\.yaml is encrypted by awskms,/);
});

test("versions of secrets stand in clear, and need no passphrase", async () => {
  assert.deepEqual(await readSecretVersions("dev"), {});
  await writeConfig();
  await writeSecretVersions("dev", { "fastapi-agent": "0123456789" });
  assert.deepEqual(await readSecretVersions("dev"), { "fastapi-agent": "0123456789" });
  const config = await openStackConfig("dev", passphrasePath);
  assert.equal(config.secret("slipway:secrets"), canary);
});

test("a wrong passphrase is refused before any value is asked for", async () => {
  await writeConfig();
  await writeFile(passphrasePath, "wrong battery");
  const { code, message, hint } = await refusal(openStackConfig("dev", passphrasePath));
  assert.equal(code, "passphrase-wrong");
  assert.ok(message.includes(passphrasePath) && message.includes("stacks/Pulumi.dev.yaml"));
  assert.match(hint ?? "", /PULUMI_CONFIG_PASSPHRASE_FILE/);
});

test("a passphrase file that is not there is said to be missing", async () => {
  await writeConfig();
  const opened = openStackConfig("dev", join(checkout, "no-such-file"));
  assert.equal((await refusal(opened)).code, "passphrase-missing");
});

for (const [what, value] of [
  ["was cut short", /(secure: v1:.{30}).*/],
  ["is no longer encrypted", /secure: v1:.*/],
] as const) {
  test(`a value that ${what} is not blamed on the passphrase`, async () => {
    await writeConfig(
      fixture.replace(value, (_, kept) => (typeof kept === "string" ? kept : "secure: canary")),
    );
    const config = await openStackConfig("dev", passphrasePath);
    const { code, message } = await refusal(() => config.secret("slipway:secrets"));
    assert.equal(code, "stack-config");
    assert.match(message, /^slipway:secrets in stacks\/Pulumi\.dev\.yaml/);
  });
}

test("a file with merge conflicts is refused with its line", async () => {
  await writeConfig(`<<<<<<< ours\n${fixture}=======\n>>>>>>> theirs\n`);
  const { code, message } = await refusal(openStackConfig("dev", passphrasePath));
  assert.equal(code, "stack-config");
  assert.match(message, /^stacks\/Pulumi\.dev\.yaml cannot be read: .* at line \d+/);
});

test("the first passphrase of a stack is made up, for its owner only, and kept", async () => {
  const path = await passphraseFile("dev");
  assert.equal(path, join(checkout, ".slipway", "passphrase.dev"));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const text = await readFile(path, "utf8");
  assert.equal(Buffer.from(text, "base64url").length, 32);
  await passphraseFile("dev");
  assert.equal(await readFile(path, "utf8"), text);
  assert.notEqual(await readFile(await passphraseFile("prod"), "utf8"), text);
});

test("a stack that is encrypted already never gets another passphrase", async () => {
  await writeConfig();
  const { code, message } = await refusal(passphraseFile("dev"));
  assert.equal(code, "passphrase-missing");
  assert.match(message, /^stacks\/Pulumi\.dev\.yaml is encrypted/);
  assert.ok(!existsSync(join(checkout, ".slipway")));
});

test("a passphrase from the environment never overwrites one that was made up", async (t) => {
  const path = await passphraseFile("staging");
  const made = await readFile(path, "utf8");
  setVariable(t, "PULUMI_CONFIG_PASSPHRASE", "");
  assert.notEqual(await passphraseFile("staging"), path);
  assert.equal(await readFile(path, "utf8"), made);
});

test("a passphrase from the environment is handed on as a file, and a file of one's own as it is", async (t) => {
  setVariable(t, "PULUMI_CONFIG_PASSPHRASE", passphrase);
  await writeConfig();
  const path = await passphraseFile("dev");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const config = await openStackConfig("dev", path);
  assert.equal(config.secret("slipway:secrets"), canary);
  setVariable(t, "PULUMI_CONFIG_PASSPHRASE_FILE", "/my/own");
  assert.equal(await passphraseFile("dev"), "/my/own");
});

test("the real engine and this read what the other one encrypted, only with the passphrase", async (t) => {
  if (!existsSync(enginePath())) return t.skip(`there is no engine at ${enginePath()}`);
  const project = join(checkout, "project");
  await mkdir(join(project, "state"), { recursive: true });
  t.after(() => rm(project, { recursive: true }));
  await writeFile(join(project, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
  const pulumi = (args: string[], input?: string) =>
    run(enginePath(), [...args, "--stack=dev", "--non-interactive"], {
      cwd: project,
      env: plainEnvironment({
        PULUMI_HOME: pulumiHome(),
        PULUMI_BACKEND_URL: `file://${join(project, "state")}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: passphrasePath,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      }),
      ...(input !== undefined && { input }),
    });
  await pulumi(["stack", "init"]);
  await pulumi(["config", "set", "--secret", "slipway:secrets"], canary);
  const text = await readFile(join(project, "Pulumi.dev.yaml"), "utf8");
  assert.ok(!text.includes("canary"));
  await writeConfig(text);
  const config = await openStackConfig("dev", passphrasePath);
  assert.equal(config.secret("slipway:secrets"), canary);
  await config.setSecret("slipway:secrets", "set here");
  await writeFile(join(project, "Pulumi.dev.yaml"), await readFile(stackConfigFile("dev"), "utf8"));
  const { stdout } = await pulumi(["config", "get", "slipway:secrets"]);
  assert.equal(stdout.trim(), "set here");
  await writeFile(passphrasePath, "wrong battery");
  assert.equal((await refusal(openStackConfig("dev", passphrasePath))).code, "passphrase-wrong");
});
