import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRelease } from "./parse.ts";
import { isImageReference, renderRelease } from "./release.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

test("only a repository with a full digest names an image", () => {
  for (const text of [`localhost:5000/agent@${digest}`, `ghcr.io/a/b:v1@${digest}`]) {
    assert.ok(isImageReference(text), text);
  }
  for (const text of [
    digest,
    "localhost:5000/agent:latest",
    `agent@${digest.slice(0, -1)}`,
    `agent@${digest.toUpperCase()}`,
    `agent@${digest} `,
    `a b@${digest}`,
    "<none>@<none>",
  ]) {
    assert.ok(!isImageReference(text), text);
  }
});

test("a release that was written can be read again", () => {
  const release = { package: "agent", version: "1.2.3-rc.1", image: `r/agent@${digest}` };
  assert.deepEqual(parseRelease("release.json", renderRelease(release)), release);
});

test("every mistake in a release is reported with its line", () => {
  const text =
    '{\n  "package": "agent",\n  "version": "1",\n  "image": "agent:latest",\n  "x": 1\n}\n';
  assert.throws(
    () => parseRelease("release.json", text),
    ({ message }: Error) => {
      const places = [...message.matchAll(/release\.json:(\d+):3: .*?"(\w+)"/g)];
      assert.deepEqual(places.map(([, line, key]) => [line, key]).sort(), [
        ["3", "version"],
        ["4", "image"],
        ["5", "x"],
      ]);
      return true;
    },
  );
});
