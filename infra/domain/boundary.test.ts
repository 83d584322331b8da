import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { root } from "../adapters/paths.ts";

const folder = "infra/domain";
const sources = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.startsWith("test/"))
  .map((path) => ({ path, text: readFileSync(join(root, folder, path), "utf8") }));

test("the domain imports itself and pure libraries, nothing that touches the world", () => {
  const pure = new Set(["yaml", "dotenv", "semver"]);
  const strangers = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"\s]+)"/g)]
      .map(([, target = ""]) => target)
      .filter((target) =>
        target.startsWith(".")
          ? posix.join(posix.dirname(path), target).startsWith("..")
          : !pure.has(target.split("/")[0] ?? target),
      )
      .map((target) => `${path} imports ${target}`),
  );
  assert.ok(sources.length > 30);
  assert.deepEqual(strangers, []);
});

test("the domain reads no clock, no environment and no random number", () => {
  const impure = /\b(Date\.now|new Date|Math\.random|process\.\w|performance\.|console\.|fetch\()/;
  assert.deepEqual(
    sources.filter(({ text }) => impure.test(text)).map(({ path }) => path),
    [],
  );
});
