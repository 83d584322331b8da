import assert from "node:assert/strict";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { plainEnvironment, run } from "../infra/adapters/process.ts";
import { makeWorkspace } from "../infra/testing/workspace.ts";
import { ensureTools } from "../infra/toolchain/tools.ts";

/** Blocks that would end the cluster under the other tests, or run all tests inside of one. */
const elsewhere = [/^npm test$/m, /cluster down/];

test("every command of the README works, in its order, in a fresh checkout", async (t) => {
  const workspace = await makeWorkspace(t);
  const readme = (await workspace.read("README.md"))
    .replaceAll("30080", String(workspace.port))
    // A version is pushed once, and the registry outlives this test.
    .replaceAll("localhost:5000/packages", `localhost:5000/${workspace.namespace("packages")}`);
  const { helm } = await ensureTools(["helm"], () => {});
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block ?? "");
  assert.ok(blocks.length > 8);
  for (const block of blocks) {
    const commands = elsewhere.some((pattern) => pattern.test(block))
      ? block.replace(/^.*(npm test|cluster down).*$/gm, "")
      : block;
    if (!commands.trim()) continue;
    await t.test(commands.trim().replaceAll("\n", "; "), async () => {
      await run("bash", ["-eu", "-c", commands], {
        cwd: workspace.folder,
        env: plainEnvironment({
          PATH: [join(workspace.folder, "node_modules/.bin"), dirname(helm), process.env.PATH].join(
            delimiter,
          ),
        }),
      });
    });
  }
});

test("quickstart ends with an address, a curl line that works, and what to do next", async (t) => {
  const workspace = await makeWorkspace(t);
  const { code, stdout, stderr } = await workspace.slipway(["quickstart"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, new RegExp(`The agent answers at http://127.0.0.1:${workspace.port}`));
  const [, line = ""] = /^ {2}(curl .*)$/m.exec(stdout) ?? [];
  const answer = await run("bash", ["-c", `${line} --silent --fail`]);
  assert.match(answer.stdout, /"model":"echo"/);
  assert.equal(stdout.match(/^ {2}npx slipway /gm)?.length, 3);
});
