import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDockerIgnore } from "./docker-ignore.ts";

const cases: readonly [pattern: string, path: string, ignored: boolean][] = [
  ["notes.txt", "notes.txt", true],
  ["notes.txt", "docs/notes.txt", false],
  ["/notes.txt", "notes.txt", true],
  ["./docs/", "docs/notes.txt", true],
  ["docs", "docs/deep/notes.txt", true],
  ["docs", "docs.txt", false],
  ["*.log", "a.log", true],
  ["*.log", "logs/a.log", false],
  ["**/*.log", "a.log", true],
  ["**/*.log", "logs/deep/a.log", true],
  ["docs/**", "docs/deep/notes.txt", true],
  ["*/temp*", "src/temporary.txt", true],
  ["*/temp*", "src/deep/temporary.txt", false],
  ["file?.txt", "file1.txt", true],
  ["file?.txt", "file10.txt", false],
  ["[ab].txt", "a.txt", true],
  ["[^ab].txt", "a.txt", false],
  ["a+b(c).txt", "a+b(c).txt", true],
  ["\\*.txt", "*.txt", true],
  ["\\*.txt", "a.txt", false],
  [".*", ".env", true],
  ["# notes.txt", "# notes.txt", false],
];

for (const [pattern, path, ignored] of cases) {
  test(`"${pattern}" ${ignored ? "keeps" : "lets"} ${path} ${ignored ? "out" : "in"}`, () => {
    assert.equal(parseDockerIgnore(pattern, [])(path), ignored);
  });
}

test("the last pattern that matches decides", () => {
  const ignored = parseDockerIgnore("\uFEFF*\r\n\r\n!agent\r\nagent/*.bak\r\n", []);
  assert.equal(ignored("agent/main.py"), false);
  assert.equal(ignored("agent/main.bak"), true);
  assert.equal(ignored("other.py"), true);
});

test("what is never sent cannot be let in again", () => {
  const ignored = parseDockerIgnore("!.git\n!agent", [".git", "**/__pycache__"]);
  assert.equal(ignored(".git/config"), true);
  assert.equal(ignored("agent/__pycache__/main.pyc"), true);
});
