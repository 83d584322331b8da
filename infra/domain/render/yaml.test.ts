import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { sampleObjects } from "../test/sample-stack.ts";
import { renderDocuments, renderYaml } from "./yaml.ts";

const texts = [
  "",
  " ",
  "plain",
  "two words",
  "yes",
  "No",
  "ON",
  "y",
  "null",
  "~",
  "true",
  "1",
  "1.5",
  "1e3",
  "0x1f",
  "0o7",
  "017",
  "1:30",
  "12:30:45",
  "2001-01-01",
  ".5",
  ".inf",
  "-",
  "- a",
  "-1",
  "+1",
  "a: b",
  "a:",
  ":a",
  "a #b",
  "#a",
  "'",
  '"',
  "\\",
  "\t",
  "\ttab",
  "@a",
  "`a",
  "%a",
  "&a",
  "*a",
  "!a",
  "|",
  ">",
  "{a}",
  "[a]",
  "a,b",
  "?",
  "? a",
  "<<",
  "=",
  "---",
  "...",
  "a\nb",
  "a\nb\n",
  "a\n\n",
  "\na",
  " a\nb",
  "a\n b\n",
  "a \nb\n",
  "a\n\nb\n",
  "a\n\n\n",
  "a\r\nb\r\n",
  "a\r",
  "a\u0085b",
  "a\u2028b",
  "\ufeffa",
  "a\u0000b",
  "a\u007f",
  "ä😀",
  "a\n😀\n",
  "a\n\tb\n",
  "localhost:5000/a@sha256:0f",
  "500m",
  "1Gi",
  "5e",
  "0b1",
  "1_000",
  "/metrics",
  "a/b.c-d",
  "# a\nb\n",
  "a\n---\nb\n",
  "a\n...\n",
  "- a\n- b\n",
  "a\n ",
  "a\n \n",
  "{{ .Values.x }}",
  "$(NAME)",
  "\ud83d",
  "x".repeat(3000),
];

for (const version of ["1.1", "1.2"] as const) {
  test(`what is rendered is read back as it was by YAML ${version}`, () => {
    const sound = texts.filter((text) => !/\p{Surrogate}/u.test(text));
    const value = {
      list: sound,
      lists: [[], [[]], [["a"], [{ a: [] }]], {}],
      maps: [{ a: 1 }, { b: { c: {} } }, { text: sound }],
      keys: Object.fromEntries(
        sound.filter((text) => text.length < 1000).map((text) => [text, text]),
      ),
      numbers: [0, -1, 1.5, 1e21, 30080],
      others: [true, false, null],
    };
    assert.deepEqual(parse(renderYaml(value), { version }), value);
    for (const one of [...sound, value.lists, value.maps, 1, null, [], {}]) {
      assert.deepEqual(parse(renderYaml(one), { version }), one);
    }
  });
}

test("the same data gives the same text, whatever the order of its keys", () => {
  assert.equal(renderYaml({ b: 1, a: [{ d: 1, c: 2 }] }), "a:\n- c: 2\n  d: 1\nb: 1\n");
  assert.equal(
    renderYaml({ a: [{ c: 2, d: 1 }], b: 1, e: undefined }),
    renderYaml({ b: 1, a: [{ d: 1, c: 2 }] }),
  );
});

test("text of several lines is a block that a person can read", () => {
  assert.equal(
    renderYaml({ data: { prompt: "One\n\n  two\n" } }),
    "data:\n  prompt: |\n    One\n\n      two\n",
  );
});

test("words that YAML 1.1 takes for truth values, and numbers in text, stay text", () => {
  assert.equal(
    renderYaml({ a: "on", b: "30", c: "30s", d: "1Gi" }),
    'a: "on"\nb: "30"\nc: "30s"\nd: 1Gi\n',
  );
});

test("the objects of every environment are read back as they were", () => {
  for (const environment of ["dev", "staging", "prod"]) {
    const objects = sampleObjects(environment);
    const documents = parseAllDocuments(renderDocuments(objects), { version: "1.1" });
    assert.deepEqual(
      documents.map((document) => document.toJS()),
      JSON.parse(JSON.stringify(objects)),
    );
  }
});
