import assert from "node:assert/strict";
import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { UserError } from "../domain/errors.ts";
import { run } from "./process.ts";
import { ownCheckout } from "./testing/checkout.ts";

const checkout = await ownCheckout();
const { readEnvFile } = await import("./env-file.ts");

const name = "stacks/.env.dev";
const path = join(checkout, name);
const text = "OPENAI_API_KEY=canary-6f1d0c\n";
const secrets = { OPENAI_API_KEY: "canary-6f1d0c" };

const git = (...args: string[]) =>
  run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: checkout });

beforeEach(async () => {
  await rm(join(checkout, "stacks"), { recursive: true, force: true });
  await rm(join(checkout, ".git"), { recursive: true, force: true });
  await mkdir(join(checkout, "stacks"));
});

const write = async (mode = 0o600) => {
  await writeFile(path, text);
  await chmod(path, mode);
};

/** The refusal, which shows no value. */
async function refusal(): Promise<UserError> {
  const error = await readEnvFile("dev").then(
    () => assert.fail("the file was taken"),
    (reason) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.ok(!`${error.message}${error.hint}`.includes("canary"));
  return error;
}

test("without the file there are no secrets", async () => {
  assert.equal(await readEnvFile("dev"), undefined);
});

test("a file for its owner only is read, in a repository and outside of one", async () => {
  await write();
  assert.deepEqual(await readEnvFile("dev"), secrets);
  await git("init", "--quiet");
  assert.deepEqual(await readEnvFile("dev"), secrets);
  assert.equal(process.env.OPENAI_API_KEY, undefined);
});

for (const mode of [0o640, 0o604, 0o660]) {
  test(`a file that others may read is refused: mode ${mode.toString(8)}`, async () => {
    await write(mode);
    const { code, message, hint } = await refusal();
    assert.equal(code, "env-file-open");
    assert.match(message, new RegExp(`^${name} has mode ${mode.toString(8)}:`));
    assert.equal(hint, `chmod 600 ${name}`);
  });
}

test("a link is refused, and the hint does not change the mode of what it points to", async () => {
  await writeFile(join(checkout, "elsewhere"), text, { mode: 0o600 });
  await symlink(join(checkout, "elsewhere"), path);
  const { code, message, hint } = await refusal();
  assert.equal(code, "env-file-open");
  assert.match(message, /is not a plain file/);
  assert.ok(!hint?.startsWith("chmod"));
});

test("a folder in its place is refused", async () => {
  await mkdir(path);
  assert.match((await refusal()).message, /is not a plain file/);
});

test("a file that git has is refused, whether it is committed yet or not", async () => {
  await write();
  await git("init", "--quiet");
  await git("add", "--force", name);
  const { code, hint } = await refusal();
  assert.equal(code, "env-file-tracked");
  assert.match(hint ?? "", /^git rm --cached stacks\/\.env\.dev/);
  await git("commit", "--quiet", "--message", "Add it");
  assert.equal((await refusal()).code, "env-file-tracked");
});

test("a tracked file is refused in a repository of another owner too", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("only root can give files away");
  await write();
  await git("init", "--quiet");
  await git("add", "--force", name);
  await run("chown", ["-R", "65534:65534", join(checkout, ".git"), checkout]);
  t.after(() => run("chown", ["-R", "0:0", checkout]));
  assert.equal((await refusal()).code, "env-file-tracked");
});

test("a malformed file is refused with its line", async () => {
  await writeFile(path, `${text}canary without an assignment\n`, { mode: 0o600 });
  const { code, message } = await refusal();
  assert.equal(code, "invalid-input");
  assert.ok(message.includes(`${name}:2`));
});
