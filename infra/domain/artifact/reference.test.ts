import assert from "node:assert/strict";
import { test } from "node:test";
import { parseReference, parseRepository, tagOf } from "./reference.ts";

const digest = `sha256:${"a".repeat(64)}`;

test("packages are named by tag or digest, and a digest wins", () => {
  const parts = (text: string) => Object.values(parseReference(text)).join(" ");
  assert.equal(parts("localhost:5000/packages/a:1.0.0"), "localhost:5000 packages/a 1.0.0");
  assert.equal(parts(`oci://ghcr.io/team/a@${digest}`), `ghcr.io team/a ${digest}`);
  assert.equal(parts(`ghcr.io/team/a:1@${digest}`), `ghcr.io team/a ${digest}`);
  assert.equal(parts("registry:5000/a__b:1.0.0_build.1"), "registry:5000 a__b 1.0.0_build.1");
  assert.deepEqual(parseRepository("oci://ghcr.io/team/a"), {
    host: "ghcr.io",
    repository: "team/a",
  });
});

for (const text of [
  "",
  "agent",
  "team/agent:1.0.0",
  "ghcr.io/team/agent",
  "ghcr.io/Team/agent:1",
  "ghcr.io/../agent:1",
  "ghcr.io//agent:1",
  "ghcr.io/agent:1?x=/v2",
  "ghcr.io/agent@sha256:abc",
  "http://ghcr.io/agent:1",
  "user:password@ghcr.io/agent:1",
  `ghcr.io/${"a/".repeat(400)}a:1`,
]) {
  test(`"${text.slice(0, 40)}" is no reference`, () => {
    assert.throws(() => parseReference(text), { code: "bad-reference" });
  });
}

test("build metadata is kept in a tag in the only way that tags allow", () => {
  assert.equal(tagOf("1.0.0-rc.1+build.5"), "1.0.0-rc.1_build.5");
});
