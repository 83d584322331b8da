import assert from "node:assert/strict";
import { test } from "node:test";
import { Budget, EndlessSchemaError } from "./budget.ts";
import { compilePattern } from "./pattern.ts";

function find(source: string, text: string): boolean {
  const pattern = compilePattern(source);
  if (typeof pattern === "string") throw new assert.AssertionError({ message: pattern });
  return pattern.test(text, new Budget());
}

const sources = [
  "",
  "a",
  "^a$",
  "^(a|b)*$",
  "^a{2,3}$",
  "^a{2,}b?$",
  "^(?:ab){2}$",
  "a+?b",
  "^[a-c]+$",
  "^[^a]b",
  "^(?!default$|kube-)[a-z-]+$",
  "^(?=.*b)a",
  "(?!a)b",
  "\\bab\\b",
  "a\\Bb",
  "^\\d{1,3}(\\.\\d{1,3})*$",
  "^(|a)(b|)$",
  "(^a|b$)",
  "^.$",
  "^\\p{L}+$",
  "^\\u{1F600}$",
  "^(?<name>a)b$",
  "[\\]a]$",
  "^(a*)*$",
  "^((a|b)*c?)+$",
  "\\.",
  "\\/a",
  "^[\\s\\S]$",
  "x|^$",
];

test("a pattern is found exactly where Node's own engine finds it", () => {
  const texts = [
    "",
    "default",
    "default-a",
    "kube-x",
    "1.22.333",
    "ab ab",
    "a b",
    "é",
    "😀",
    "]",
    ".",
  ];
  for (const a of ["a", "b", "c", "-", "\n"]) {
    for (const b of ["", "a", "b", "c", "/a"]) {
      for (const c of ["", "a", "b", "bb", "ab"]) texts.push(a + b + c);
    }
  }
  for (const source of sources) {
    const own = new RegExp(source, "u");
    for (const text of texts) {
      assert.equal(find(source, text), own.test(text), `/${source}/ in ${JSON.stringify(text)}`);
    }
  }
});

test("patterns that would keep Node busy for years take steps in proportion to the text", () => {
  for (const source of [
    "^(a+)+$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "^(.*,)*$",
    "(a*)*b",
    "^(([a-z])+.)+$",
  ]) {
    assert.equal(find(source, `${"a".repeat(2000)}!`), source === "^(([a-z])+.)+$");
  }
});

test("what is no pattern, looks back, or would be a huge program is refused in words", () => {
  for (const [source, message] of [
    ["(", /regular expression/],
    ["\\p{Nothing}", /regular expression/],
    ["(a)\\1", /refer back/],
    ["(?<n>a)\\k<n>", /refer back/],
    ["(?<=a)b", /look behind/],
    ["(?<!a)b", /look behind/],
    ["(((a{100}){100}){100}){100}", /repeat so much/],
    ["a{1,100000}", /repeat so much/],
    [`${"(".repeat(30_000)}${")".repeat(30_000)}`, /so long/],
  ] as const) {
    assert.match(String(compilePattern(source)), message, source.slice(0, 40));
  }
});

test("escaped brackets and backslashes are not taken for references", () => {
  assert.ok(find("^\\\\1$", "\\1"));
  assert.ok(find("^[(?<=]$", "="));
});

test("a search that takes too many steps is given up", () => {
  const pattern = compilePattern("^((?=(a|b|c|d){200})a)*$");
  assert.notEqual(typeof pattern, "string");
  const budget = new Budget();
  assert.throws(() => {
    for (;;) typeof pattern !== "string" && pattern.test("a".repeat(5000), budget);
  }, EndlessSchemaError);
});
