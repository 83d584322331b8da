import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePackage } from "../domain/package/parse.ts";
import { sampleTexts } from "../domain/test/sample-stack.ts";
import { renamed } from "./rename.ts";

const file = "infra/packages/fastapi-agent/package.yaml";
const text = sampleTexts()[file] ?? "";
const source = parsePackage(file, text);
const own = { name: "my-agent", description: 'Says: "hello" # to all' };

const declared = (port?: number) =>
  parsePackage(file, renamed("package.yaml", text, source, { ...own, ...(port && { port }) }));

test("the declaration keeps everything but name, version, description and port", () => {
  const { name, version, description, agent, ...rest } = declared(9000);
  const { name: _, version: __, description: ___, agent: promised, ...others } = source;
  assert.deepEqual({ name, version, description }, { ...own, version: "0.1.0" });
  assert.deepEqual(agent, { ...promised, port: 9000 });
  assert.deepEqual(rest, others);
});

test("comments and lines that say nothing of the agent stay as they were written", () => {
  const lines = new Set(renamed("package.yaml", text, source, own).split("\n"));
  const changed = text.split("\n").filter((line) => !lines.has(line));
  assert.deepEqual(
    changed.map((line) => line.split(":")[0]),
    ["name", "version", "description"],
  );
});

test("without a port it has that of the package it is made after", () => {
  assert.equal(declared().agent.port, source.agent.port);
});

test("the drain hook makes room for a port that was its own", () => {
  const { port, drain } = declared(8001).agent;
  assert.deepEqual([port, drain?.port], [8001, 8000]);
});

test("the name is replaced where it stands for itself", () => {
  const replaced = (words: string) => renamed("README.md", words, source, own);
  assert.equal(
    replaced("# fastapi-agent\ndeploy/fastapi-agent fastapi-agent-secret"),
    "# my-agent\ndeploy/my-agent my-agent-secret",
  );
  assert.equal(replaced("not-fastapi-agent fastapi-agents"), "not-fastapi-agent fastapi-agents");
});

test("tests that speak of one environment's stack are left out", () => {
  const cases = "cases:\n  - name: everywhere\n  - name: there\n    environment: prod\n";
  assert.equal(renamed("tests/objects.yaml", cases, source, own), "cases:\n  - name: everywhere\n");
});
