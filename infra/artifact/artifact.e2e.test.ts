import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { ownCheckout } from "../adapters/testing/checkout.ts";
import { temporaryFolder } from "../adapters/testing/temporary-folder.ts";
import { removeFromRegistry } from "../build/testing/pulled-image.ts";
import { signatureTag } from "../domain/artifact/signature.ts";
import { writePackage, writePipeline, writeRelease } from "./testing/sample-package.ts";

const checkout = await ownCheckout();
// After the checkout is set.
const { manifestDigest } = await import("../adapters/registry.ts");
const { findCluster } = await import("../cluster/record.ts");
const { lockPackage } = await import("./lock.ts");
const { pullPackage } = await import("./pull.ts");
const { pushAgent } = await import("./push.ts");
const { readPublicKey } = await import("./signing.ts");
const { verifyPackage } = await import("./verify.ts");

const registry = (await findCluster())?.registry;
const skip = registry ? false : "no cluster with a registry is up";
const space = `${registry}/e2e-${randomBytes(3).toString("hex")}`;
const accept = "application/vnd.oci.image.manifest.v1+json";

const url = (reference: string) => {
  const [, host, path, version] =
    /^([^/]+)\/(.+?)(?:@|:)((?:sha256:)?[^:@]+)$/.exec(reference) ?? [];
  return `http://${host}/v2/${path}/manifests/${version}`;
};
const pushed = new Set<string>();
after(async () => {
  for (const reference of pushed) {
    const name = reference.slice(0, reference.indexOf("@"));
    const signatures = await manifestDigest(
      `${name}:${signatureTag(reference.split("@")[1] ?? "")}`,
    );
    if (signatures) await removeFromRegistry(`${name}@${signatures}`);
    await removeFromRegistry(reference);
  }
});

async function push(agent = "sample", keyFile?: string) {
  const result = await pushAgent({
    agent,
    repository: `${space}/${agent}`,
    keyFile,
    report: () => {},
  });
  pushed.add(result.reference);
  return result;
}

const pull = (reference: string, more: Partial<Parameters<typeof pullPackage>[0]> = {}) =>
  pullPackage({ reference, report: () => {}, ...more });

const folder = (file = "") => join(checkout, "infra/packages/sample", file);

await writePackage(checkout);
await writePipeline(checkout);

test("a pushed package is pulled by tag and by digest, as plain HTTP shows it", {
  skip,
}, async (t) => {
  const { reference, changed } = await push();
  assert.equal(changed, true);
  const response = await fetch(url(`${space}/sample:1.0.0`), { headers: { accept } });
  assert.equal(response.headers.get("content-type"), accept);
  assert.equal(response.headers.get("docker-content-digest"), reference.split("@")[1]);
  const manifest = (await response.json()) as { artifactType: string };
  assert.equal(manifest.artifactType, "application/vnd.slipway.package.v1");
  for (const name of [`${space}/sample:1.0.0`, reference]) {
    const output = await temporaryFolder(t);
    const [pulled] = await pull(name, { output });
    assert.equal(pulled?.reference, reference);
    const original = await readFile(folder("package.yaml"), "utf8");
    assert.equal(await readFile(join(output, "sample/package.yaml"), "utf8"), original);
    assert.equal((await verifyPackage(join(output, "sample"))).digest, reference.split("@")[1]);
  }
});

test("a version is pushed once: the same again is nothing, other content is refused", {
  skip,
}, async () => {
  const first = await push();
  assert.equal((await push()).changed, false);
  await writeFile(folder("prompts/system.md"), "You are better.\n");
  await assert.rejects(push(), { name: "RefusedError", code: "version-taken", message: /1\.0\.0/ });
  await writePackage(checkout, { version: "1.1.0" });
  assert.notEqual((await push()).reference, first.reference);
  await writePackage(checkout);
});

test("what is only here is never overwritten, and an unchanged folder follows the new version", {
  skip,
}, async (t) => {
  const output = await temporaryFolder(t);
  await push();
  await pull(`${space}/sample:1.0.0`, { output });
  assert.equal((await pull(`${space}/sample:1.0.0`, { output }))[0]?.changed, false);
  assert.equal((await pull(`${space}/sample:1.1.0`, { output }))[0]?.changed, true);
  await writeFile(join(output, "sample/notes.txt"), "mine");
  const refused = { name: "RefusedError", code: "local-changes", message: /notes\.txt/ };
  await assert.rejects(pull(`${space}/sample:1.0.0`, { output }), refused);
  await assert.rejects(pull(`${space}/sample:1.0.0`), {
    code: "local-changes",
    message: /it was not pulled, but made here/,
  });
});

test("a package that is installed brings its image by digest to the stack", { skip }, async () => {
  const image = `${registry}/sample@sha256:${"a".repeat(64)}`;
  await writePackage(checkout, { version: "2.0.0" });
  const release = join(checkout, "stacks/dev/sample/release.json");
  await assert.rejects(
    push().then(({ reference }) => pull(reference, { to: "dev" })),
    { code: "no-image", hint: /npx slipway build sample/ },
  );
  await writePackage(checkout, { version: "2.1.0" });
  await writeRelease(checkout, { package: "sample", version: "2.1.0", image });
  const { reference } = await push();
  await rm(join(checkout, "stacks/dev/sample"), { recursive: true });
  await rename(folder(), join(checkout, "sample.aside"));
  await assert.rejects(pull(reference, { to: "deev" }), { code: "unknown-environment" });
  assert.ok(!existsSync(folder()));
  await pull(reference, { to: "dev" });
  assert.equal(JSON.parse(await readFile(release, "utf8")).image, image);
  assert.ok(existsSync(join(checkout, "stacks/dev/sample/values.yaml")));
  assert.equal((await verifyPackage("sample")).digest, reference.split("@")[1]);
  await rm(folder(), { recursive: true });
  await rename(join(checkout, "sample.aside"), folder());
});

test("a signature is required of the key that is named, and no other", { skip }, async (t) => {
  const keys = await temporaryFolder(t);
  const write = async (name: string) => {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = { type: "pkcs8", format: "pem" } as const;
    await writeFile(join(keys, `${name}.key`), pair.privateKey.export(pem));
    await writeFile(join(keys, `${name}.pub`), pair.publicKey.export({ ...pem, type: "spki" }));
  };
  await Promise.all([write("ours"), write("theirs")]);
  await writePackage(checkout, { version: "3.0.0" });
  const { reference } = await push();
  const ours = await readPublicKey(join(keys, "ours.pub"));
  const theirs = await readPublicKey(join(keys, "theirs.pub"));
  await assert.rejects(verifyPackage(reference, ours), { code: "not-signed" });
  await push("sample", join(keys, "ours.key"));
  assert.equal((await verifyPackage(reference, ours)).signed, true);
  const output = await temporaryFolder(t);
  await assert.rejects(pull(reference, { key: theirs, output }), { code: "not-signed" });
  assert.ok(!existsSync(join(output, "sample")));
  await push("sample", join(keys, "theirs.key"));
  for (const key of [ours, theirs]) assert.ok((await verifyPackage(reference, key)).signed);
});

test("dependencies are locked by digest and pulled as they were locked", { skip }, async (t) => {
  const tools = (version: string) => writePackage(checkout, { name: "tools", version });
  for (const version of ["1.2.0", "1.4.0", "2.0.0"]) {
    await tools(version);
    await push("tools");
  }
  await writePackage(checkout, { name: "memory" });
  await push("memory");
  const remote = `{ name: tools, version: ^1.0.0, repository: "oci://${space}/tools" }`;
  const beside = '{ name: memory, version: "*" }';
  await writePackage(checkout, { version: "4.0.0", dependencies: `[${remote}, ${beside}]` });
  const { dependencies } = await lockPackage("sample", false);
  assert.deepEqual(
    dependencies.map(({ name, version }) => `${name} ${version}`),
    ["tools 1.4.0", "memory 1.0.0"],
  );
  const { reference } = await push();
  await tools("1.5.0");
  await push("tools");
  await lockPackage("sample", true);
  const output = await temporaryFolder(t);
  const pulled = await pull(reference, { output });
  assert.deepEqual(pulled.map(({ name, version }) => `${name} ${version}`).sort(), [
    "memory 1.0.0",
    "sample 4.0.0",
    "tools 1.4.0",
  ]);
});

test("a locked version that the registry gives other content is refused", { skip }, async (t) => {
  const manifest = await fetch(url(`${space}/tools:1.2.0`), { headers: { accept } });
  const moved = { method: "PUT", headers: { "content-type": accept }, body: await manifest.text() };
  assert.equal((await fetch(url(`${space}/tools:1.4.0`), moved)).status, 201);
  await assert.rejects(lockPackage("sample", true), {
    name: "RefusedError",
    code: "lock-stale",
    message: /tools 1\.4\.0 was locked as sha256:\w+ and is now sha256:/,
  });
  // Whoever pulls gets what was locked: the digest is asked for, not the tag.
  const output = await temporaryFolder(t);
  const pulled = await pull(`${space}/sample:4.0.0`, { output });
  assert.ok(pulled.some(({ name, version }) => name === "tools" && version === "1.4.0"));
});
