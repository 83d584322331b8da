import assert from "node:assert/strict";
import { test } from "node:test";
import { readDocument } from "./document.ts";

test("a problem is placed at the key in the file, or at its nearest parent there", () => {
  const document = readDocument("a.yaml", "one:\n  two:\n    - name: x\n    - name: y\n");
  const at = (...path: (string | number)[]) => {
    const { line, column } = document.problemAt(path, "");
    return [line, column];
  };
  assert.deepEqual(at("one", "two"), [2, 3]);
  assert.deepEqual(at("one", "two", 1, "name"), [4, 7]);
  assert.deepEqual(at("one", "three", "four"), [1, 1]);
  assert.deepEqual(at("missing"), [1, 1]);
});

test("an empty file says nothing, and that is no problem", () => {
  assert.deepEqual(readDocument("a.yaml", "").value, {});
  assert.deepEqual(readDocument("a.yaml", "# only a comment\n").value, {});
});

test("every mistake of the text is reported with its line", () => {
  const texts = {
    "a: 1\na: 2\n": 2,
    "a: [1, 2\n": 2,
    "a: 1\n---\nb: 2\n": 2,
    "a: &x 1\nb: *x\n": 2,
    "a:\n\tb: 1\n": 2,
    "a: 1\n[b]: 1\n": 2,
  };
  for (const [text, line] of Object.entries(texts)) {
    const { problems, value } = readDocument("a.yaml", text);
    assert.equal(problems[0]?.line, line, JSON.stringify([text, problems]));
    assert.equal(value, undefined);
  }
});

test("aliases that would unfold to gigabytes are refused before they unfold", () => {
  const levels = Array.from({ length: 40 }, (_, n) => `k${n}: &k${n} [*k${n - 1}, *k${n - 1}]`);
  const text = ["k0: &k0 x", ...levels.slice(1)].join("\n");
  assert.match(readDocument("a.yaml", text).problems[0]?.message ?? "", /aliases/);
});

test("a file that is too long or too deep is refused with one problem", () => {
  for (const [text, message] of [
    ["x".repeat(100_001), /longer than/],
    ["[".repeat(50_000), /nests more than/],
    ["{a: ".repeat(20_000), /nests more than/],
    ["- ".repeat(40_000), /nests more than/],
    [Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"), /nests/],
  ] as const) {
    const { problems, value } = readDocument("a.yaml", text);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? "", message);
    assert.equal(value, undefined);
  }
});
