import assert from "node:assert/strict";
import { test } from "node:test";
import { withValuesTable } from "./table.ts";

const own = {
  properties: {
    config: {
      properties: { LEVEL: { enum: ["LOW", "HIGH"], description: "How loud | how\nclear." } },
    },
  },
};

const cellsOf = (text: string, key: string) =>
  text
    .split("\n")
    .find((line) => line.startsWith(`| \`${key}\``))
    ?.split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

test("a row has type, default and meaning: from the package's schema, its values, or ours", () => {
  const text = withValuesTable("", { config: { LEVEL: "LOW" }, replicas: { min: 5 } }, own);
  assert.deepEqual(cellsOf(text, "config.LEVEL"), [
    "`config.LEVEL`",
    "`LOW`, `HIGH`",
    "`LOW`",
    "How loud \\| how clear.",
  ]);
  assert.deepEqual(cellsOf(text, "replicas.min")?.slice(1), [
    "whole number",
    "`5`",
    "Fewest pods.",
  ]);
  assert.deepEqual(cellsOf(text, "resources.tmp")?.slice(1, 3), ["quantity", "`64Mi`"]);
  assert.equal(cellsOf(text, "ingress")?.[1], "map");
});

test("a setting that only the schema names is in the table, without a default", () => {
  assert.equal(cellsOf(withValuesTable("", {}, own), "config.LEVEL")?.[2], "");
});

test("what a map of the package's own holds is explained key by key", () => {
  const text = withValuesTable("", { volumes: { spool: { mountPath: "/var/spool" } } });
  assert.deepEqual(cellsOf(text, "volumes.spool.mountPath")?.slice(1), [
    "text",
    "`/var/spool`",
    "Where the containers see it.",
  ]);
});

test("only what is between the marks is replaced, and without marks the table comes last", () => {
  const first = withValuesTable("# Agent\n\nText.\n", {});
  assert.ok(first.startsWith("# Agent\n\nText.\n\n## Values\n\n<!--"));
  const moved = `${first}\nAfter.\n`;
  const second = withValuesTable(moved, { replicas: { min: 7 } });
  assert.equal(cellsOf(second, "replicas.min")?.[2], "`7`");
  assert.ok(second.endsWith("-->\n\nAfter.\n"));
  assert.equal(second.match(/<!--/g)?.length, 2);
  assert.equal(withValuesTable(second, { replicas: { min: 7 } }), second);
});
