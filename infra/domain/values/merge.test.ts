import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlainMap } from "../plain-map.ts";
import { mergeLayer } from "./merge.ts";

test("maps merge key by key, everything else replaces", () => {
  const lower = { a: { x: 1, y: 2 }, list: [1, 2], b: "low" };
  const upper = { a: { y: 3 }, list: [9], c: true };
  assert.deepEqual(mergeLayer(lower, upper), { a: { x: 1, y: 3 }, list: [9], b: "low", c: true });
});

test("null removes what is inherited, and is never left in the result", () => {
  const merged = mergeLayer({ a: { x: 1, y: 2 }, b: 1 }, { a: { x: null, z: null }, b: null });
  assert.deepEqual(merged, { a: { y: 2 } });
  assert.deepEqual(mergeLayer({}, { new: { inner: null, kept: 1 } }), { new: { kept: 1 } });
});

test("merging is idempotent, associative without null, and changes neither side", () => {
  const samples = sampleMaps(60);
  for (const [index, a] of samples.entries()) {
    const b = samples[(index * 7 + 3) % samples.length] ?? {};
    const c = samples[(index * 13 + 5) % samples.length] ?? {};
    const before = JSON.stringify([a, b]);
    const merged = mergeLayer(a, b);
    assert.equal(JSON.stringify([a, b]), before);
    assert.deepEqual(mergeLayer(merged, b), merged);
    assert.deepEqual(mergeLayer(a, {}), a);
    assert.deepEqual(mergeLayer(mergeLayer(a, b), c), mergeLayer(a, mergeLayer(b, c)));
  }
});

test("a key named __proto__ is data like any other", () => {
  const merged = mergeLayer({}, JSON.parse('{"__proto__": {"polluted": true}}'));
  assert.deepEqual(Object.keys(merged), ["__proto__"]);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

/**
 * Small maps, the same on every run. Whether a key holds a map or a plain value depends on the key:
 * where kinds change between layers, the order of merging matters, in Helm as here.
 */
function sampleMaps(count: number): readonly PlainMap[] {
  let seed = 42;
  const next = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const map = (depth: number): PlainMap =>
    Object.fromEntries(
      Array.from({ length: next(4) }, () =>
        depth > 0 && next(2) === 0
          ? [`map${next(3)}`, map(depth - 1)]
          : [`value${next(4)}`, [next(9), `${next(9)}`, [next(3)]][next(3)]],
      ),
    );
  return Array.from({ length: count }, () => map(3));
}
