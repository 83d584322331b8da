import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../adapters/paths.ts";
import { UserError } from "../errors.ts";
import { parseEnvFile } from "./env-file.ts";

test("assignments, comments, quotes and values over several lines are read", () => {
  const text = [
    "\uFEFF# a comment",
    "",
    "PLAIN=abc",
    "  export SPACED = two words  ",
    "EMPTY=",
    "HASH='a#b' # comment",
    'ESCAPED="one\\ntwo"',
    "KEY_PEM='-----BEGIN",
    "middle = 1",
    "-----END'",
    "EQUALS=a=b==",
    "DOLLAR=$HOME",
  ].join("\r\n");
  assert.deepEqual(parseEnvFile("env", text), {
    PLAIN: "abc",
    SPACED: "two words",
    EMPTY: "",
    HASH: "a#b",
    ESCAPED: "one\ntwo",
    KEY_PEM: "-----BEGIN\nmiddle = 1\n-----END",
    EQUALS: "a=b==",
    DOLLAR: "$HOME",
  });
});

test("lines that would be skipped or changed without a word are refused with their numbers", () => {
  const text = [
    "GOOD='one",
    "two'",
    "no assignment",
    "lower=1",
    "CUT=abc#def",
    "OPEN='never closed",
    "COLON: 5",
    "TRAILING='a' b",
    "GOOD=again",
    "1DIGIT=x",
    "=nothing",
  ].join("\n");
  const error = refusal(() => parseEnvFile("stacks/.env.dev", text));
  const lines = [...error.message.matchAll(/stacks\/\.env\.dev:(\d+): /g)].map(([, line]) => line);
  assert.deepEqual(lines, ["3", "4", "5", "6", "7", "8", "9", "10", "11"]);
});

test("no refusal repeats a value", () => {
  const canary = "sk-canary";
  for (const line of [
    canary,
    `A=x#${canary}`,
    `A='${canary}`,
    `a-${canary}=1`,
    `A="x" ${canary}`,
  ]) {
    assert.doesNotMatch(refusal(() => parseEnvFile("env", line)).message, new RegExp(canary));
  }
});

test("reading leaves the process environment alone", () => {
  const before = { ...process.env };
  parseEnvFile("env", "SLIPWAY_ENV_FILE_TEST=1\nPATH=nowhere");
  assert.deepEqual({ ...process.env }, before);
});

test("whatever passes has exactly the keys that stand in the file", () => {
  const values = ["", "a", "a b", "'a#b'", '"a\nB=c"', "`x`", "a=b", "'it\\'s'", "# c", "x # c"];
  for (const one of values) {
    for (const other of values) {
      const parsed = parseEnvFile("env", `FIRST=${one}\n\n# c\nexport SECOND = ${other}\nTHIRD=3`);
      assert.deepEqual(Object.keys(parsed), ["FIRST", "SECOND", "THIRD"], `${one} ${other}`);
      assert.equal(parsed.THIRD, "3");
    }
  }
});

function refusal(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.equal(error.code, "invalid-input");
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

test("the example that users copy is sound and holds no secret", () => {
  const file = "stacks/.env.example";
  const text = readFileSync(join(root, file), "utf8");
  assert.deepEqual(parseEnvFile(file, text), { OPENAI_API_KEY: "" });
});
