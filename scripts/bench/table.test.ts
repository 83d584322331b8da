import assert from "node:assert/strict";
import { test } from "node:test";
import { Scoreboard } from "./cases.ts";
import { judge, renderCases } from "./table.ts";

function boardOf(seconds: Readonly<Record<string, readonly number[]>>): Scoreboard {
  const board = new Scoreboard();
  for (const [entrant, values] of Object.entries(seconds)) {
    board.entry("change", entrant).seconds.push(...values);
  }
  return board;
}

const changeOf = (board: Scoreboard) => judge(board).find(({ name }) => name === "change");

test("an aim is met up to its very limit, and missed above it", () => {
  const met = changeOf(boardOf({ slipway: [2.3], helm: [2] }));
  assert.deepEqual(
    met?.aims.map(({ measured, met }) => ({ measured, met })),
    [{ measured: 1.15, met: true }],
  );
  assert.equal(changeOf(boardOf({ slipway: [2.4], helm: [2] }))?.aims[0]?.met, false);
});

test("an aim that was not measured is missed, and said not to be measured", () => {
  const board = boardOf({ slipway: [2.3] });
  assert.equal(changeOf(board)?.aims[0]?.met, false);
  assert.match(renderCases(judge(board)), /slipway at most 1\.15 x helm: not measured, missed/);
});

test("losses are shown like wins, fastest first", () => {
  const text = renderCases(judge(boardOf({ slipway: [4], helm: [2], kubectl: [1] })));
  assert.match(text, /kubectl .* 0\.50 .*\n +helm .* 1\.00 .*\n +slipway .* 2\.00 /);
  assert.match(text, /slipway at most 1\.15 x helm: 2\.00 x, missed/);
});

test("failures are counted and told, and have no time", () => {
  const board = boardOf({ helm: [2] });
  board.entry("change", "slipway").failures.push("left Deployment agent different");
  const row = changeOf(board)?.rows.find(({ entrant }) => entrant === "slipway");
  assert.equal(row?.seconds, undefined);
  assert.match(
    renderCases(judge(board)),
    /slipway: 1 failure, such as: left Deployment agent different/,
  );
});
