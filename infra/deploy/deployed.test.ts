import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ownCheckout } from "../adapters/testing/checkout.ts";
import { sampleRelease } from "../domain/test/sample-release.ts";

const checkout = await ownCheckout();
const { readEvidence } = await import("../adapters/evidence.ts");
const { noteDeployment } = await import("./deployed.ts");

const [one, two] = [sampleRelease("one"), sampleRelease("two")];
const file = join(checkout, "stacks/staging/fastapi-agent/evidence.json");
const read = () => readEvidence("fastapi-agent", ["dev", "staging"]);
const log = async () =>
  (await read()).staging?.map(({ release, result }) => [
    release === one.hash ? "one" : "two",
    result,
  ]);

test("each deployment that tells something new is added, and others are not", async () => {
  await noteDeployment("staging", [one], { result: "passed" });
  await noteDeployment("staging", [one], { result: "passed" });
  assert.deepEqual(await log(), [["one", "passed"]]);
  // It ran well before, so whatever failed now is not its fault.
  await noteDeployment("staging", [one], { result: "failed", reason: "another agent" });
  await noteDeployment("staging", [two], { result: "failed", reason: "crashes" });
  await noteDeployment("staging", [one], { result: "passed" });
  assert.deepEqual(await log(), [
    ["one", "passed"],
    ["two", "failed"],
    ["one", "passed"],
  ]);
});

test("a log that somebody edited is refused, and nothing is added to it", async () => {
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("failed", "passed"));
  await assert.rejects(read(), /evidence\.json:3: entry 2 .* was edited/);
  await assert.rejects(noteDeployment("staging", [two], { result: "passed" }), /was edited/);
});
