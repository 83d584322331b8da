import assert from "node:assert/strict";
import {
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { ownCheckout } from "../adapters/testing/checkout.ts";
import { temporaryFolder } from "../adapters/testing/temporary-folder.ts";
import type { UserError } from "../domain/errors.ts";
import { writePackage, writePipeline, writeRelease } from "./testing/sample-package.ts";

const checkout = await ownCheckout();
// After the checkout is set.
const { run } = await import("../adapters/process.ts");
const { buildPackage } = await import("./pack.ts");
const { lockPackage } = await import("./lock.ts");
const { showPackage } = await import("./show.ts");
const { verifyPackage } = await import("./verify.ts");

const path = (file: string) => join(checkout, "infra/packages/sample", file);

beforeEach(async () => {
  await rm(join(checkout, "infra"), { recursive: true, force: true });
  await rm(join(checkout, "stacks"), { recursive: true, force: true });
  await rm(join(checkout, ".slipway"), { recursive: true, force: true });
  await writePackage(checkout);
  await writePipeline(checkout);
});

const build = async () => (await buildPackage("sample")).artifact.digest;

/** Every file of a folder with its bytes. */
async function bytesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => {
    const file = join(parentPath, name);
    return [file.slice(folder.length), await readFile(file, "base64")];
  });
  return Object.fromEntries(await Promise.all(read));
}

test("two checkouts with other paths, umasks and times give the same bytes", async (t) => {
  const copy = join(await temporaryFolder(t), "another-place");
  await cp(checkout, copy, { recursive: true });
  for (const file of ["package.yaml", "app/Dockerfile"]) {
    const other = join(copy, "infra/packages/sample", file);
    await chmod(other, 0o600);
    await utimes(other, 1, 1);
  }
  await chmod(join(copy, "infra/packages/sample/app/run.sh"), 0o711);
  const script = `
    globalThis.SLIPWAY_ROOT = ${JSON.stringify(copy)};
    process.umask(0o077);
    const { buildPackage } = await import(${JSON.stringify(import.meta.resolve("./pack.ts"))});
    await buildPackage("sample");`;
  const tsx = import.meta.resolve("tsx");
  await run(process.execPath, ["--import", tsx, "--input-type=module", "--eval", script]);
  await build();
  const built = (folder: string) => bytesOf(join(folder, ".slipway/packages/sample-1.0.0"));
  assert.deepEqual(await built(copy), await built(checkout));
});

test("a changed byte, name or executable bit changes the digest, and leftovers of tools do not", async () => {
  const before = await build();
  await mkdir(path("app/__pycache__"));
  await writeFile(path("app/__pycache__/x.pyc"), "");
  await writeFile(path("notes.txt"), "");
  assert.equal(await build(), before);
  const digests = [before];
  await writeFile(path("prompts/system.md"), "You are helpful!\n");
  digests.push(await build());
  await rename(path("prompts/system.md"), path("prompts/main.md"));
  digests.push(await build());
  await chmod(path("app/run.sh"), 0o644);
  digests.push(await build());
  assert.equal(new Set(digests).size, 4);
});

test("the image that the first environment runs of this version goes along, and of another does not", async () => {
  const image = `localhost:5000/sample@sha256:${"a".repeat(64)}`;
  const release = async (version: string) => {
    await writeRelease(checkout, { package: "sample", version, image });
    return (await showPackage("sample")).image;
  };
  assert.equal(await release("1.0.0"), image);
  assert.equal(await release("0.9.0"), undefined);
});

test("a package shows its metadata, every file, its values and its readme", async () => {
  const shown = await showPackage("sample");
  assert.equal(shown.digest, await build());
  assert.deepEqual([shown.name, shown.version, shown.appVersion], ["sample", "1.0.0", "2.1.0"]);
  assert.deepEqual(
    shown.files.map((file) => `${file.mode} ${file.path}`),
    [
      "0644 README.md",
      "0644 app/Dockerfile",
      "0755 app/run.sh",
      "0644 package.yaml",
      "0644 prompts/system.md",
      "0644 values.yaml",
    ],
  );
  assert.equal(shown.readme, "# sample\n");
  assert.match(shown.values ?? "", /LOG_LEVEL/);
});

test("everything that must not be packed is refused at once, and no value is shown", async () => {
  const canary = "sk-canary0123456789abcdef";
  await writeFile(path("app/.env"), `OPENAI_API_KEY=${canary}`);
  await writeFile(path("app/client.py"), `import x\nKEY = "${canary}"\n`);
  await writeFile(path("prompts/key.md"), "-----BEGIN PRIVATE KEY-----\n");
  await writeFile(path("values.yaml"), "replicas: { mim: 1 }\n");
  await symlink("/etc/passwd", path("app/link"));
  await rm(path("app/Dockerfile"));
  await assert.rejects(build(), (error: UserError) => {
    assert.equal(error.code, "invalid-input");
    for (const line of [
      /sample\/app\/\.env: looks by its name like a secret/,
      /sample\/app\/client\.py:2: holds a key of a model API/,
      /sample\/prompts\/key\.md:1: holds a private key/,
      /sample\/values\.yaml:1:\d+: unknown key "replicas\.mim"; did you mean "min"/,
      /sample\/app\/link: is not a plain file/,
      /"image\.context" needs app\/Dockerfile/,
    ]) {
      assert.match(error.message, line);
    }
    assert.ok(!error.message.includes(canary));
    return true;
  });
});

test("an agent that does not exist is refused with the nearest that does", async () => {
  for (const name of ["sampel", "../packages/sample", ""]) {
    await assert.rejects(buildPackage(name), { code: "no-package" });
  }
  await assert.rejects(buildPackage("sampel"), /did you mean "sample"\?/);
});

test("a folder that holds something else is not overwritten", async () => {
  await assert.rejects(buildPackage("sample", path("app")), { code: "not-a-layout" });
  assert.equal(await readFile(path("app/Dockerfile"), "utf8"), "FROM scratch\n");
});

test("verify names the file that is no longer what was built", async () => {
  await assert.rejects(verifyPackage("sample"), { code: "not-packed" });
  const digest = await build();
  assert.deepEqual(await verifyPackage("sample"), {
    target: "sample",
    digest,
    files: 6,
    signed: false,
  });
  await writeFile(path("prompts/system.md"), "You are harmful.\n");
  await assert.rejects(verifyPackage("sample"), {
    code: "package-changed",
    message: /prompts\/system\.md has another content/,
    hint: "npx slipway package build sample",
  });
});

test("any changed byte of an image layout is refused, and the file that it is in is named", async () => {
  await build();
  const folder = join(checkout, ".slipway/packages/sample-1.0.0");
  const before = await bytesOf(folder);
  const blobs = Object.keys(before).filter((name) => name.startsWith("/blobs"));
  assert.equal(blobs.length, 3);
  for (const blob of blobs) {
    const bytes = Buffer.from(before[blob] ?? "", "base64");
    for (let offset = 0; offset < bytes.length; offset += 97) {
      const changed = Buffer.from(bytes);
      changed[offset] = (changed[offset] ?? 0) ^ 1;
      await writeFile(join(folder, blob), changed);
      await assert.rejects(verifyPackage(folder), { name: /UserError|RefusedError/ });
    }
    const prompt = bytes.indexOf("helpful");
    if (prompt > 0) {
      bytes.write("harmful", prompt);
      await writeFile(join(folder, blob), bytes);
      await assert.rejects(verifyPackage(folder), {
        code: "package-changed",
        message: /prompts\/system\.md has another content/,
      });
    }
    await writeFile(join(folder, blob), Buffer.from(before[blob] ?? "", "base64"));
  }
  assert.equal((await verifyPackage(folder)).files, 6);
});

test("a dependency beside the package is locked by its content, and a stale lock is refused", async () => {
  await writePackage(checkout, { name: "tools", version: "1.4.2" });
  await writePackage(checkout, { dependencies: "[{ name: tools, version: ^1.2.0 }]" });
  const stale = { code: "lock-stale", hint: "npx slipway package lock sample" };
  await assert.rejects(build(), stale);
  await assert.rejects(lockPackage("sample", true), stale);
  const { dependencies, changed } = await lockPackage("sample", false);
  assert.deepEqual([dependencies[0]?.version, changed], ["1.4.2", true]);
  assert.equal((await lockPackage("sample", false)).changed, false);
  await lockPackage("sample", true);
  await build();
  await writeFile(join(checkout, "infra/packages/tools/README.md"), "# changed\n");
  await assert.rejects(build(), { ...stale, message: /tools has changed since it was locked/ });
});

test("versions out of range and packages that need each other are refused", async () => {
  await writePackage(checkout, { name: "tools", version: "1.4.2" });
  await writePackage(checkout, { dependencies: "[{ name: tools, version: ^2.0.0 }]" });
  await assert.rejects(lockPackage("sample", false), { code: "no-version", message: /1\.4\.2/ });
  await writePackage(checkout, {
    name: "tools",
    dependencies: '[{ name: sample, version: "*" }]',
  });
  await assert.rejects(lockPackage("sample", false), {
    code: "circular-dependency",
    message: /sample needs tools needs sample/,
  });
});
