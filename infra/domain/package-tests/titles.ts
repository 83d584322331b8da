import type { Titles } from "../config/titles.ts";

const expectation = (place: string): Titles => ({
  [`${place}.path`]:
    "Steps with dots between them: keys, indices, or names of items; brackets around a step with dots. The whole by default.",
  [`${place}.equals`]: "The very same value.",
  [`${place}.contains`]: "Part of a text, an item of a list, or keys of a map.",
  [`${place}.exists`]: "Whether there is anything at all.",
});

/** Keys of a file with tests of what a package is rendered to. */
export const testTitles: Titles = {
  "": "Tests of what a package is rendered to. Run them with slipway package test.",
  apiVersion: "Version of this format.",
  cases: "One test each.",
  "cases.*.name": "What holds, in a sentence.",
  "cases.*.environment": "Whose values apply; by default the package's own alone.",
  "cases.*.set": "Values that win over all files. Null removes an inherited one.",
  "cases.*.expect": "What the objects have to be.",
  "cases.*.expect.*.object": "Kind, and a name unless it is the agent's; * ends the start of one.",
  ...expectation("cases.*.expect.*"),
  "cases.*.refused": "Part of the message with which these values must be refused.",
};

/** Keys of `tests/smoke.yaml`. */
export const smokeTitles: Titles = {
  "": "Tests of an agent that runs. Run them with slipway package test --cluster.",
  apiVersion: "Version of this format.",
  cases: "One test each, run in this order.",
  "cases.*.name": "What holds, in a sentence.",
  "cases.*.request": "An HTTP request to the agent's port.",
  "cases.*.request.method": "GET by default, or POST with a body.",
  "cases.*.request.path": "Path and query.",
  "cases.*.request.headers": "Headers of the request.",
  "cases.*.request.json": "Body, sent as JSON.",
  "cases.*.command": "Run once, in a pod of its own with the agent's image, settings and secrets.",
  "cases.*.timeoutSeconds": "Longest wait; 30 by default.",
  "cases.*.expect": "What has to come back.",
  "cases.*.expect.status": "Status of the answer; 200 by default.",
  "cases.*.expect.json": "What the answer's JSON has to be.",
  ...expectation("cases.*.expect.json.*"),
  "cases.*.expect.body": "What the answer's text has to be.",
  ...expectation("cases.*.expect.body"),
  "cases.*.expect.exitCode": "How the command has to end; 0 by default.",
  "cases.*.expect.output": "What the command's output has to be.",
  ...expectation("cases.*.expect.output"),
};

/** Keys of `tests/evals.yaml`. */
export const evalTitles: Titles = {
  "": "Measures of how well an agent does its work. slipway verify takes them and records the scores.",
  apiVersion: "Version of this format.",
  evals: "One measure each, taken in this order.",
  "evals.*.name": "Name under which gates.evals of stacks/pipeline.yaml asks for the score.",
  "evals.*.command":
    "Run once, in a pod of its own with the agent's image, settings and secrets. The last line that it prints is the score, a number.",
  "evals.*.timeoutSeconds": "Longest wait; 600 by default.",
};
