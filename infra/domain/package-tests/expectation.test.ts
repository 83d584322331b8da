import assert from "node:assert/strict";
import { test } from "node:test";
import { type Expectation, expectationProblems, mismatch } from "./expectation.ts";

const data = {
  replicas: 3,
  text: "one two",
  labels: { "app.kubernetes.io/name": "agent", tier: "web" },
  containers: [
    { name: "proxy", port: 1 },
    { name: "agent", port: 2, args: ["a", "b"] },
  ],
};

const holding: readonly Expectation[] = [
  { path: "replicas", equals: 3 },
  { path: "containers.agent.port", equals: 2 },
  { path: "containers.0.port", equals: 1 },
  { path: "labels[app.kubernetes.io/name]", equals: "agent" },
  { path: "labels", equals: { tier: "web", "app.kubernetes.io/name": "agent" } },
  { path: "labels", contains: { tier: "web" } },
  { path: "text", contains: "two" },
  { path: "containers.agent.args", contains: "b" },
  { path: "containers", contains: { name: "agent", port: 2 } },
  { contains: { replicas: 3, labels: { tier: "web" } } },
  { path: "containers.other", exists: false },
  { path: "containers", exists: true },
];

for (const expected of holding) {
  test(`${JSON.stringify(expected)} holds`, () => {
    assert.equal(mismatch(expected, data), undefined);
  });
}

const broken: readonly (readonly [Expectation, string])[] = [
  [{ path: "replicas", equals: "3" }, 'expected replicas to be "3", found 3'],
  [{ path: "replica", equals: 3 }, "expected replica to be 3, found nothing"],
  [{ path: "text", contains: "three" }, 'expected text to contain "three", found "one two"'],
  [{ path: "labels", contains: { tier: "x" } }, "expected labels to contain"],
  [{ path: "replicas", contains: 3 }, "expected replicas to contain 3, found 3"],
  [{ path: "replicas", exists: false }, "expected replicas not to be there, found 3"],
  [{ path: "other.inner", exists: true }, "expected other.inner to be there, found nothing"],
  [{ path: "toString", exists: true }, "found nothing"],
  [{ equals: null }, "expected to be null, found"],
];

for (const [expected, message] of broken) {
  test(`${JSON.stringify(expected)} tells what was expected and found`, () => {
    assert.ok(mismatch(expected, data)?.includes(message), mismatch(expected, data));
  });
}

test("a long value is told by its beginning", () => {
  const message = mismatch({ equals: 1 }, "x".repeat(1000)) ?? "";
  assert.ok(message.length < 250 && message.endsWith("..."));
});

test("an expectation says exactly one thing", () => {
  assert.equal(expectationProblems({ equals: 1 }, []).length, 0);
  assert.equal(expectationProblems({ equals: undefined }, []).length, 0);
  assert.equal(expectationProblems({}, []).length, 1);
  assert.equal(expectationProblems({ equals: 1, exists: true }, []).length, 1);
});
