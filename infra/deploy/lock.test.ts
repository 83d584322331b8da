import assert from "node:assert/strict";
import { test } from "node:test";
import { runChild } from "../adapters/testing/child.ts";
import { temporaryFolder } from "../adapters/testing/temporary-folder.ts";

test("of five deployments at once one works, and the others say whose the stack is", async (t) => {
  const checkout = await temporaryFolder(t);
  const body = `
    const { lockStack } = await load("infra/deploy/lock.ts");
    const said = await lockStack("dev", "deploy").then(() => "works", ({ code, message }) =>
      code + ": " + message);
    console.log(said);
    console.log("done");
    setInterval(() => {}, 1000);
  `;
  const children = Array.from({ length: 5 }, () => runChild(t, body, { checkout }));
  await Promise.all(children.map((child) => child.printed("done")));
  for (const child of children) child.process.kill("SIGKILL");
  const results = await Promise.all(children.map((child) => child.ended()));
  const said = results.map(({ stdout }) => stdout.split("\n")[0] ?? "").sort();
  const worker = children.find((_, index) => results[index]?.stdout.startsWith("works"));
  assert.equal(said.pop(), "works");
  for (const refusal of said) {
    const whose = new RegExp(`^stack-locked: deploy dev .* \\(process ${worker?.process.pid}\\)`);
    assert.match(refusal, whose);
  }
});
