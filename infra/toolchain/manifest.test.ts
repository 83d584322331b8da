import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../adapters/paths.ts";
import type { Download } from "./download.ts";
import { clusterTools, engineTools, manifest, type ToolName } from "./manifest.ts";
import { modulesFolder } from "./store.ts";

const names = Object.keys(manifest) as ToolName[];

const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));

const downloads: Record<string, Record<string, Download>> = readJson(
  "infra/toolchain/downloads.json",
);

const pinned = Object.entries(downloads).flatMap(([name, platforms]) =>
  Object.entries(platforms).map(([platform, pin]) => ({
    name: name as ToolName,
    platform,
    ...pin,
  })),
);

test("the engine and its plugins have the versions of the npm packages that ask for them", () => {
  const { dependencies } = readJson("package.json");
  assert.equal(manifest.pulumi.version, dependencies.pulumi);
  assert.equal(manifest["pulumi-resource-kubernetes"].version, dependencies["@pulumi/kubernetes"]);
  assert.equal(
    manifest["pulumi-resource-docker-build"].version,
    dependencies["@pulumi/docker-build"],
  );
});

test("a plugin's place names the version that the engine asks for", () => {
  for (const name of ["pulumi-resource-kubernetes", "pulumi-resource-docker-build"] as const) {
    const { version, pulumiPath } = manifest[name];
    const folder = name.replace("pulumi-resource-", "resource-");
    assert.equal(pulumiPath, `plugins/${folder}-v${version}/${name}`);
  }
});

test("every tool can be built from a module whose sources are pinned", () => {
  for (const name of names) {
    const folder = join(modulesFolder, manifest[name].module);
    for (const file of ["go.mod", "go.sum"]) assert.ok(existsSync(join(folder, file)), name);
  }
});

test("a module pins the very version that the manifest promises", () => {
  // The provider's commit has a version of its own in Go, and pause has no source but ours.
  const own = new Set<ToolName>(["pulumi-resource-kubernetes", "pause"]);
  for (const name of names.filter((one) => !own.has(one))) {
    const { module, version } = manifest[name];
    const text = readFileSync(join(modulesFolder, module, "go.mod"), "utf8");
    assert.match(text, new RegExp(` v${version.replaceAll(".", "\\.")}(\\s|$)`, "m"), name);
  }
});

test("the version that is linked into a program is the manifest's", () => {
  for (const name of names) {
    const { version, variables = [] } = manifest[name];
    const linked = variables.flatMap((variable) => /=v?(\d+\.\d+\.\d+)$/.exec(variable)?.[1] ?? []);
    for (const one of linked) assert.equal(one, version, name);
  }
});

test("every download is of a known tool, over HTTPS, with a SHA-256 of its own", () => {
  assert.ok(pinned.length > 0);
  for (const { name, url, sha256 } of pinned) {
    assert.ok(names.includes(name), `${name} is no tool`);
    assert.match(url, /^https:\/\//);
    assert.match(sha256, /^[0-9a-f]{64}$/);
  }
  const byUrl = new Map(pinned.map(({ url, sha256 }) => [url, sha256]));
  assert.equal(new Set(byUrl.values()).size, byUrl.size, "two downloads share a hash");
  for (const { url, sha256 } of pinned) assert.equal(sha256, byUrl.get(url));
});

const words: Record<string, RegExp> = {
  "linux-x64": /linux[-/.](amd64|x64)/,
  "linux-arm64": /linux[-/.]arm64/,
  "darwin-x64": /darwin[-/.](amd64|x64)/,
  "darwin-arm64": /darwin[-/.]arm64/,
};

test("every download is of the manifest's version and for its platform", () => {
  for (const { name, platform, url } of pinned) {
    // The engine's archive brings the language host of its own version along.
    const { version } = manifest[name === "pulumi-language-nodejs" ? "pulumi" : name];
    assert.match(url, new RegExp(`v${version.replaceAll(".", "\\.")}\\b`));
    assert.match(url, words[platform] ?? assert.fail(platform));
  }
});

test("what is needed is in the manifest, once", () => {
  for (const needed of [engineTools, clusterTools]) {
    assert.equal(new Set(needed).size, needed.length);
    for (const name of needed) assert.ok(names.includes(name));
  }
});
