import assert from "node:assert/strict";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { ownCheckout } from "../adapters/testing/checkout.ts";
import { UserError } from "../domain/errors.ts";

const checkout = await ownCheckout();
const { writeSecretVersions } = await import("../adapters/pulumi/stack-config.ts");
const { lockStack } = await import("./lock.ts");
const { removeSecret, setSecret, takeEnvFile } = await import("./secrets-edit.ts");
const { listSecrets } = await import("./secrets-list.ts");

const key = "OPENAI_API_KEY";
const canary = "canary-6f1d0c";
const configFile = join(checkout, "stacks/Pulumi.dev.yaml");
const envFile = join(checkout, "stacks/.env.dev");

for (const folder of ["stacks", "infra/packages"]) {
  await cp(join(import.meta.dirname, "../..", folder), join(checkout, folder), {
    recursive: true,
    filter: (path) => !/\.venv|cache|stacks\/(Pulumi\.|\.env\.)|release\.json$/.test(path),
  });
}

beforeEach(async () => {
  for (const path of [configFile, envFile, join(checkout, ".slipway")]) {
    await rm(path, { recursive: true, force: true });
  }
});

const writeEnvFile = (text: string) => writeFile(envFile, text, { mode: 0o600 });

/** The refusal, which repeats no value. */
async function refusal(action: Promise<unknown>): Promise<UserError> {
  const error = await action.then(
    () => assert.fail("it was done"),
    (reason) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.doesNotMatch(`${error.message}${error.hint}`, /canary/);
  return error;
}

test("a secret that is set is encrypted, listed by its version, and can be taken away", async () => {
  assert.equal((await listSecrets("dev")).source, "none");
  const set = await setSecret("dev", key, canary);
  assert.deepEqual(set, { stack: "dev", added: [key], changed: [], removed: [], rolls: [] });
  assert.doesNotMatch(await readFile(configFile, "utf8"), /canary/);
  const listed = await listSecrets("dev");
  assert.doesNotMatch(JSON.stringify(listed), /canary/);
  const [agent] = listed.agents;
  assert.equal(listed.source, "configuration");
  assert.match(agent?.keys[0]?.version ?? "", /^[0-9a-f]{16}$/);
  assert.deepEqual((await removeSecret("dev", key)).removed, [key]);
  assert.equal((await listSecrets("dev")).agents[0]?.keys[0]?.set, false);
});

test("the same value again changes nothing, and the version tells another one", async () => {
  await setSecret("dev", key, canary);
  const before = await readFile(configFile, "utf8");
  const again = await setSecret("dev", key, canary);
  assert.deepEqual([again.added, again.changed], [[], []]);
  assert.equal(await readFile(configFile, "utf8"), before);
  const version = async () => (await listSecrets("dev")).agents[0]?.keys[0]?.version;
  const first = await version();
  assert.deepEqual((await setSecret("dev", key, `${canary}-2`)).changed, [key]);
  assert.notEqual(await version(), first);
});

test("agents that run with other secrets are told to roll", async () => {
  await setSecret("dev", key, canary);
  const { version = "" } = (await listSecrets("dev")).agents[0] ?? {};
  await writeSecretVersions("dev", { "fastapi-agent": version });
  assert.deepEqual((await setSecret("dev", key, canary)).rolls, []);
  assert.deepEqual((await setSecret("dev", key, "other")).rolls, ["fastapi-agent"]);
});

test("an env file is the one source while it is there, and sync makes it superfluous", async () => {
  assert.equal((await refusal(takeEnvFile("dev"))).code, "no-env-file");
  await writeEnvFile(`${key}=${canary}\n`);
  const refused = await refusal(setSecret("dev", key, canary));
  assert.equal(refused.code, "env-file-wins");
  assert.match(refused.hint ?? "", /npx slipway secrets sync dev/);
  assert.equal((await listSecrets("dev")).source, "env-file");
  assert.deepEqual((await takeEnvFile("dev")).added, [key]);
  const { version } = (await listSecrets("dev")).agents[0] ?? {};
  await rm(envFile);
  const listed = await listSecrets("dev");
  assert.deepEqual([listed.source, listed.agents[0]?.version], ["configuration", version]);
});

test("keys that no agent declares are refused, with the one that was meant", async () => {
  const { code, message } = await refusal(setSecret("dev", "OPENAI_API_KEYS", canary));
  assert.equal(code, "unknown-secret");
  assert.match(message, /did you mean "OPENAI_API_KEY"/);
  await writeEnvFile(`OPENAI_API_KEYS=${canary}\n`);
  assert.deepEqual((await listSecrets("dev")).unclaimed, ["OPENAI_API_KEYS"]);
  const refused = await refusal(takeEnvFile("dev"));
  assert.match(refused.message, /stacks\/\.env\.dev: OPENAI_API_KEYS .* by no agent/);
});

test("an empty value and a key without one are refused", async () => {
  assert.equal((await refusal(setSecret("dev", key, ""))).code, "secret-empty");
  assert.equal((await refusal(removeSecret("dev", key))).code, "secret-unset");
});

test("without the passphrase keys are listed, but neither values nor versions are known", async () => {
  await setSecret("dev", key, canary);
  await rm(join(checkout, ".slipway"), { recursive: true });
  const { source, agents } = await listSecrets("dev");
  assert.equal(source, "closed");
  assert.deepEqual(agents[0]?.keys, [{ key, need: "optional" }]);
  assert.equal((await refusal(setSecret("dev", key, canary))).code, "passphrase-missing");
});

test("nothing is set while another one has the stack", async () => {
  const lock = await lockStack("dev", "deploy");
  assert.equal((await refusal(setSecret("dev", key, canary))).code, "stack-locked");
  await lock.release();
  await setSecret("dev", key, canary);
});
