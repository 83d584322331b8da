import assert from "node:assert/strict";
import { test } from "node:test";
import { isImageReference } from "./release.ts";

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
