import assert from "node:assert/strict";
import { test } from "node:test";
import type { Package } from "../package/package.ts";
import { missingFiles, packedPaths } from "./selection.ts";

const pkg = {
  image: { context: "app" },
  prompts: "prompts",
  model: "model.yaml",
} as Package;

test("a package is its declarations, its tests, what it names and what its image is built from", () => {
  const packed = [
    "LICENSE",
    "README.md",
    "app/.dockerignore",
    "app/Dockerfile",
    "app/agent/main.py",
    "dependencies.lock.json",
    "model.yaml",
    "package.yaml",
    "prompts/system.md",
    "tests/smoke.yaml",
    "values.schema.json",
    "values.yaml",
  ];
  const left = [
    ".env",
    "app/.env",
    "app/.venv/bin/python",
    "app/agent/__pycache__/main.pyc",
    "app/node_modules/x/index.js",
    "app/notes.txt",
    "app/tests/test_main.py",
    "app/wheels/x.whl",
    "application/main.py",
    "files.json",
    "notes.txt",
    "origin.json",
    "tests/.pytest_cache/x",
  ];
  const paths = [...packed, ...left].sort();
  assert.deepEqual(packedPaths(pkg, paths, "*\n!agent\n!wheels\n"), packed.toSorted());
});

test("without an ignore file everything of the context is packed but what no image has", () => {
  const paths = ["app/Dockerfile", "app/notes.txt", "app/tests/x.py", "app/.git/config"];
  assert.deepEqual(packedPaths(pkg, paths, undefined), ["app/Dockerfile", "app/notes.txt"]);
});

test("what package.yaml names and the folder lacks is told, all of it", () => {
  const found = missingFiles(pkg, "package.yaml", ["prompts/system.md"]);
  assert.deepEqual(
    found.map(({ message }) => message),
    [
      '"model" needs model.yaml, which is not there',
      '"image.context" needs app/Dockerfile, which is not there',
    ],
  );
});
