import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseProblems } from "./errors.ts";

test("every problem is told at once, with its place and what to do next", () => {
  const problems = [
    { file: "a.yaml", line: 2, column: 3, message: "is wrong" },
    { file: "b.yaml", message: "is missing" },
  ];
  assert.throws(() => refuseProblems(problems, "write it"), {
    code: "invalid-input",
    message: "2 problems found\n  a.yaml:2:3: is wrong\n  b.yaml: is missing",
    hint: "write it",
  });
  assert.doesNotThrow(() => refuseProblems([]));
});

test("of very many problems the first are told, and how many more there are", () => {
  const problems = Array.from({ length: 52 }, (_, line) => ({ file: "a", line, message: "x" }));
  assert.throws(() => refuseProblems(problems), {
    message: /^52 problems found\n {2}a:0: x\n(.*\n)+ {2}a:49: x\n {2}and 2 more$/,
  });
});

test("what a file holds neither fills nor commands the terminal", () => {
  const refuse = (message: string) => () => refuseProblems([{ file: "a", message }]);
  assert.throws(refuse("k".repeat(90_000)), ({ message }: Error) => message.length < 1100);
  assert.throws(refuse("\u001b[2J\0\u202eé🤖\ud800"), {
    message: "1 problem found\n  a: \\u001b[2J\\u0000\\u202eé🤖\\ud800",
  });
});
