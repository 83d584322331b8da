import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../errors.ts";
import { readEvalFile, scoreIn } from "./eval-file.ts";

test("the last line of an evaluation is its score", () => {
  assert.equal(scoreIn("asked 3 questions\n0.75\n"), 0.75);
  assert.equal(scoreIn("1"), 1);
  for (const output of ["", "\n", "0.75 of 1", "Infinity", "0.75\ndone"]) {
    assert.equal(scoreIn(output), undefined, JSON.stringify(output));
  }
});

test("two evaluations of one name are refused at the second", () => {
  const problems: Problem[] = [];
  const text = `apiVersion: slipway.dev/v1
evals:
  - { name: quality, command: [score] }
  - { name: quality, command: [score, again] }
`;
  assert.equal(readEvalFile("evals.yaml", text, problems), undefined);
  assert.deepEqual(
    problems.map(({ line, message }) => `${line}: ${message}`),
    ['4: "quality" is there twice'],
  );
});

test("an evaluation without a command is refused", () => {
  const problems: Problem[] = [];
  readEvalFile("evals.yaml", "apiVersion: slipway.dev/v1\nevals:\n  - name: quality\n", problems);
  assert.match(problems[0]?.message ?? "", /command/);
});
