import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodeMeaning } from "./exit-code.ts";

test("exit codes that mean something are put into words", () => {
  assert.match(exitCodeMeaning(0), /must keep running/);
  assert.match(exitCodeMeaning(127), /did not find its command/);
  assert.match(exitCodeMeaning(137), /SIGKILL/);
  assert.match(exitCodeMeaning(139), /segmentation fault/);
  assert.match(exitCodeMeaning(143), /SIGTERM/);
  assert.match(exitCodeMeaning(42), /error of its own/);
});
