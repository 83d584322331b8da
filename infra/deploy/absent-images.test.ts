import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { absentImages } from "./absent-images.ts";

test("images are told that their registry does not have, or says nothing about", async (t) => {
  const digest = `sha256:${"1".repeat(64)}`;
  const asked: string[] = [];
  const registry = createServer(({ url = "" }, response) => {
    asked.push(url);
    if (url.includes("/there/")) response.setHeader("docker-content-digest", digest);
    const code = url.includes("/there/") ? 200 : url.includes("/gone/") ? 404 : 500;
    response.writeHead(code).end();
  }).listen(0, "127.0.0.1");
  t.after(() => registry.close());
  await new Promise((resolve) => registry.once("listening", resolve));
  const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  const agent = (name: string, repository: string) => ({
    name,
    release: { image: `${host}/${repository}@${digest}` },
  });
  const found = await absentImages([
    agent("a", "there"),
    agent("b", "gone"),
    agent("c", "gone"),
    agent("d", "broken"),
    { name: "never-released" },
  ]);
  assert.deepEqual(found.slice(0, 1), [{ image: `${host}/gone@${digest}`, agents: ["b", "c"] }]);
  assert.deepEqual(found[1]?.agents, ["d"]);
  assert.match(found[1]?.unknown ?? "", /answered 500/);
  assert.equal(found.length, 2);
  assert.equal(asked.length, 3);
});
