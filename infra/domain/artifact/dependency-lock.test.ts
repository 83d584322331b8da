import assert from "node:assert/strict";
import { test } from "node:test";
import { lockDifferences, parseLock, renderLock } from "./dependency-lock.ts";

const digest = `sha256:${"a".repeat(64)}`;
const repository = "oci://ghcr.io/team/tools";
const locked = { name: "tools", version: "1.4.0", repository, digest };

test("a lock is text with one dependency a line, in order of names, and read as it was written", () => {
  const beside = { name: "memory", version: "2.0.0", digest };
  const text = renderLock([locked, beside]);
  assert.match(text, /^ {4}\{"digest":"sha256:a+","name":"memory","version":"2.0.0"\},$/m);
  assert.deepEqual(parseLock("lock", text), [beside, locked]);
  assert.deepEqual(parseLock("lock", renderLock([])), []);
});

test("a lock that fits what is asked for has no differences", () => {
  assert.deepEqual(
    lockDifferences([{ name: "tools", version: "^1.2.0", repository }], [locked]),
    [],
  );
});

for (const [what, wanted, message] of [
  ["is missing", { name: "other", version: "*" }, /^other is not locked$/],
  ["is out of range", { name: "tools", version: "^2.0.0", repository }, /1\.4\.0.*"\^2\.0\.0"/],
  ["moved", { name: "tools", version: "*" }, /another repository/],
] as const) {
  test(`a dependency that ${what} is a difference`, () => {
    assert.match(lockDifferences([wanted], [locked])[0] ?? "", message);
  });
}

test("a lock of what is no longer needed is a difference", () => {
  assert.deepEqual(lockDifferences([], [locked]), ["tools is not needed"]);
});

test("a lock without a digest is refused with its place", () => {
  const text = '{"dependencies": [\n{"name": "tools", "version": "1.0.0", "digest": "latest"}]}';
  assert.throws(() => parseLock("lock.json", text), {
    code: "invalid-input",
    message: /lock\.json:2:\d+: .*must be sha256: and 64 hexadecimal digits/,
  });
});
