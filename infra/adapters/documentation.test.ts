import assert from "node:assert/strict";
import { test } from "node:test";
import { readDocumentation } from "./documentation.ts";

test("the tables in the READMEs and the published schemas are current (npx slipway config docs)", async () => {
  const files = await readDocumentation();
  assert.ok(files.length >= 5);
  assert.deepEqual(
    files.filter(({ current }) => !current).map(({ file }) => file),
    [],
  );
});

test("a package that does not exist is refused with what was meant", async () => {
  await assert.rejects(readDocumentation("fastapi-agnet"), {
    code: "no-package",
    message: 'there is no package "fastapi-agnet"; did you mean "fastapi-agent"?',
  });
});
