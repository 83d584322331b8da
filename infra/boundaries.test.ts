import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { root } from "./adapters/paths.ts";

/**
 * Which part may import which other parts, and which packages beside Node.js's own modules. Types
 * count as well. Helpers of tests are free.
 */
const rules: Record<string, { parts: readonly string[]; packages: RegExp }> = {
  "infra/domain": { parts: [], packages: /^(yaml|ajv\/dist\/2020\.js|dotenv|semver\/.*)$/ },
  "infra/checks": {
    parts: ["infra/toolchain", "infra/adapters", "infra/domain"],
    packages: /^$/,
  },
  "infra/components": { parts: ["infra/domain"], packages: /^@pulumi\// },
  "infra/adapters": {
    parts: ["infra/domain"],
    packages: /^(@grpc\/grpc-js|@pulumi\/pulumi\/.*|yaml)$/,
  },
  "infra/toolchain": { parts: ["infra/adapters", "infra/domain"], packages: /^$/ },
  "infra/cluster": {
    parts: ["infra/toolchain", "infra/adapters", "infra/domain"],
    packages: /^(yaml|@peculiar\/x509|reflect-metadata)$/,
  },
  "infra/deploy": {
    parts: [
      "infra/checks",
      "infra/components",
      "infra/cluster",
      "infra/toolchain",
      "infra/adapters",
      "infra/domain",
    ],
    packages: /^@pulumi\/(pulumi|kubernetes)($|\/)/,
  },
  "infra/build": {
    parts: [
      "infra/components",
      "infra/cluster",
      "infra/toolchain",
      "infra/adapters",
      "infra/domain",
    ],
    packages: /^@pulumi\/(pulumi|docker|docker-build)($|\/)/,
  },
  "infra/artifact": {
    parts: ["infra/cluster", "infra/adapters", "infra/domain"],
    packages: /^semver\/.*$/,
  },
  "infra/scaffold": {
    parts: ["infra/artifact", "infra/adapters", "infra/domain"],
    packages: /^yaml$/,
  },
  scripts: {
    parts: [
      "infra/scaffold",
      "infra/artifact",
      "infra/checks",
      "infra/deploy",
      "infra/build",
      "infra/cluster",
      "infra/toolchain",
      "infra/adapters",
      "infra/domain",
    ],
    packages: /^(yargs|esbuild|yaml)$/,
  },
};

/** `pulumi up` by hand starts in a project and has to compile it first. */
const exceptions = new Set([
  "infra/build/main.mjs imports scripts/load.mjs",
  "infra/deploy/main.mjs imports scripts/load.mjs",
]);

const sources = ["infra", "scripts"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (path) => `${folder}/${path}`,
    ),
  )
  .filter((path) => /\.(ts|mjs)$/.test(path) && !/\.test\.ts$|\/test(ing)?\//.test(path));

const imported = sources.flatMap((path) => {
  const text = readFileSync(join(root, path), "utf8");
  const targets = [...text.matchAll(/(?:\bfrom|\bimport|\brequire|\bload)\s*\(?\s*"([^"\s]+)"/g)];
  return targets.map(([, target = ""]) => ({ path, target: resolve(path, target) }));
});

/** A file of ours by its path from the root; anything else as it is. */
function resolve(path: string, target: string): string {
  return target.startsWith(".") ? posix.join(posix.dirname(path), target) : target;
}

const partOf = (path: string) =>
  path.startsWith("infra/") ? path.split("/").slice(0, 2).join("/") : (path.split("/")[0] ?? path);

const isOurs = (target: string) => sources.includes(target);

test("every source file belongs to a part with rules", () => {
  assert.ok(sources.length > 100);
  assert.deepEqual([...new Set(sources.map(partOf))].sort(), Object.keys(rules).sort());
});

test("parts import only what lies below them", () => {
  const offences = imported
    .filter(({ path, target }) => {
      const [part, other] = [partOf(path), partOf(target)];
      return isOurs(target) && part !== other && !rules[part]?.parts.includes(other);
    })
    .map(({ path, target }) => `${path} imports ${target}`);
  assert.deepEqual(
    offences.filter((offence) => !exceptions.has(offence)),
    [],
  );
});

test("parts import only the packages that they are there for", () => {
  const offences = imported
    .filter(({ target }) => !isOurs(target) && !target.startsWith("node:"))
    .filter(({ path, target }) => !rules[partOf(path)]?.packages.test(target))
    .map(({ path, target }) => `${path} imports ${target}`);
  assert.deepEqual(offences, []);
});

test("the domain and the components use no module of Node.js", () => {
  const offences = imported.filter(
    ({ path, target }) =>
      ["infra/domain", "infra/components"].includes(partOf(path)) && target.startsWith("node:"),
  );
  assert.deepEqual(offences, []);
});

test("programs are started in one place only, which keeps secrets out of their environment", () => {
  const starters = imported
    .filter(({ path, target }) => target === "node:child_process" && path.endsWith(".ts"))
    .map(({ path }) => path);
  assert.deepEqual(starters, ["infra/adapters/process.ts"]);
});
