import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { ownCheckout } from "../adapters/testing/checkout.ts";

const real = join(import.meta.dirname, "..", "..");
const checkout = await ownCheckout();
const { scaffold } = await import("./scaffold.ts");
const { place } = await import("./place.ts");
const { readStackTexts } = await import("../adapters/workspace.ts");
const { planStack } = await import("../domain/stack/plan.ts");

const samples = ["fastapi-agent", "queue-worker"];
const description = "An agent for tests";
const madeByTools = /__pycache__|\.venv|_cache$|release\.json$/;

beforeEach(async () => {
  for (const folder of ["infra/packages", "stacks"]) {
    await rm(join(checkout, folder), { recursive: true, force: true });
    await cp(join(real, folder), join(checkout, folder), {
      recursive: true,
      filter: (path) => !madeByTools.test(path),
    });
  }
});

const listing = async () =>
  (await readdir(checkout, { recursive: true })).filter((path) => path !== ".slipway").sort();

for (const from of samples) {
  test(`a package made after ${from} runs in the first environment`, async () => {
    const made = await scaffold({ name: "my-agent", from, description });
    assert.equal(made.valuesFile, "stacks/dev/my-agent/values.yaml");
    const { agents } = planStack({ environment: "dev", texts: await readStackTexts("dev") });
    const agent = agents.find(({ name }) => name === "my-agent");
    assert.equal(agent?.package.description, description);
    assert.equal(agent?.values.service.type, "ClusterIP");
    const left = await readFile(join(checkout, made.folder, "README.md"), "utf8");
    assert.ok(!left.includes(from));
  });
}

test("both samples' successors fit into the first environment beside the sample", async () => {
  await scaffold({ name: "my-agent", from: "fastapi-agent", description });
  await scaffold({ name: "my-worker", from: "queue-worker", description });
  const { agents } = planStack({ environment: "dev", texts: await readStackTexts("dev") });
  assert.deepEqual(
    agents.map(({ name }) => name),
    ["fastapi-agent", "my-agent", "my-worker"],
  );
});

test("no other environment runs it, since nothing of it is released there", async () => {
  await scaffold({ name: "my-agent", from: "fastapi-agent", description });
  assert.ok(!existsSync(join(checkout, "stacks/staging/my-agent")));
});

test("files keep their bytes and whether they can be run; env files stay behind", async () => {
  const app = join(checkout, "infra/packages/fastapi-agent/app");
  const bytes = Buffer.from([0xff, 0x00, 0xfe]);
  await writeFile(join(app, "picture.bin"), bytes);
  await writeFile(join(app, "tool.sh"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(join(app, "tests", ".env"), "OPENAI_API_KEY=canary");
  const { folder } = await scaffold({ name: "my-agent", from: "fastapi-agent", description });
  const copy = join(checkout, folder, "app");
  assert.deepEqual(await readFile(join(copy, "picture.bin")), bytes);
  assert.equal((await stat(join(copy, "tool.sh"))).mode & 0o111, 0o111);
  assert.equal((await stat(join(copy, "Dockerfile"))).mode & 0o111, 0);
  assert.ok(!existsSync(join(copy, "tests", ".env")));
});

const refusals: readonly (readonly [string, object, object])[] = [
  ["a name that is taken", { name: "queue-worker" }, { code: "exists" }],
  ["a name that is no DNS label", { name: "My_Agent" }, { message: /"name" must be/ }],
  ["a name that leads elsewhere", { name: "../../my-agent" }, { message: /"name" must be/ }],
  ["a privileged port", { port: 80 }, { message: /"agent\.port" must be a port/ }],
  ["a port for a worker", { from: "queue-worker", port: 9000 }, { code: "no-port" }],
  ["an unknown package", { from: "fastapi-agnt" }, { message: /did you mean "fastapi-agent"/ }],
];

for (const [what, options, error] of refusals) {
  test(`${what} is refused, and nothing is written`, async () => {
    const before = await listing();
    await assert.rejects(
      scaffold({ name: "my-agent", from: "fastapi-agent", description, ...options }),
      error,
    );
    assert.deepEqual(await listing(), before);
  });
}

test("an agent that does not fit into the quota is refused, and nothing is written", async () => {
  const file = join(checkout, "stacks/pipeline.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("pods: 20", "pods: 6"));
  const before = await listing();
  await assert.rejects(scaffold({ name: "my-agent", from: "fastapi-agent", description }), {
    code: "invalid-input",
    message: /pipeline\.yaml:\d+:7: .* needs more pods than the quota \(6\)/,
  });
  assert.deepEqual(await listing(), before);
});

test("when one folder cannot be made, none of them is", async () => {
  await mkdir(join(checkout, "stacks", "taken"));
  await writeFile(join(checkout, "stacks", "taken", "values.yaml"), "");
  const before = await listing();
  const files = [{ path: "values.yaml", content: Buffer.from(""), executable: false }];
  await assert.rejects(
    place([
      { folder: "infra/packages/my-agent", files },
      { folder: "stacks/taken", files },
    ]),
    { code: "ENOTEMPTY" },
  );
  assert.deepEqual(await listing(), before);
});
