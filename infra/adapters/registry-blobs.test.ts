import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { openRepository } from "./registry-blobs.ts";
import { setVariable } from "./testing/environment.ts";
import { listen } from "./testing/listen.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const bytes = Buffer.from("content");
const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

type Handler = (request: IncomingMessage, response: ServerResponse, host: string) => unknown;

/** A registry on a free port of this machine. Returns "localhost:<port>". */
async function serve(t: TestContext, handler: Handler): Promise<string> {
  setVariable(t, "DOCKER_CONFIG", await temporaryFolder(t));
  let host = "";
  const server = createServer((request, response) => handler(request, response, host));
  host = `localhost:${await listen(t, server)}`;
  return host;
}

const answer = (response: ServerResponse, status: number, headers: Record<string, string> = {}) =>
  response.writeHead(status, headers).end();

test("a blob is uploaded once, in one piece, to where the registry says", async (t) => {
  const seen: string[] = [];
  let stored: Buffer | undefined;
  const host = await serve(t, async (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.method === "HEAD") return answer(response, stored ? 200 : 404);
    if (request.method === "POST") return answer(response, 202, { location: "/up/1?state=a" });
    stored = await buffer(request);
    answer(response, 201);
  });
  const repository = openRepository({ host, repository: "team/agent" });
  await repository.putBlob({ digest, bytes });
  await repository.putBlob({ digest, bytes });
  assert.deepEqual(seen, [
    `HEAD /v2/team/agent/blobs/${digest}`,
    "POST /v2/team/agent/blobs/uploads/",
    `PUT /up/1?state=a&digest=${digest.replace(":", "%3A")}`,
    `HEAD /v2/team/agent/blobs/${digest}`,
  ]);
  assert.deepEqual(stored, bytes);
});

test("one token serves all requests, and an upload to another host does not get it", async (t) => {
  let tokens = 0;
  const elsewhere: (string | undefined)[] = [];
  const other = await serve(t, async (request, response) => {
    elsewhere.push(request.method, request.headers.authorization);
    await buffer(request);
    answer(response, 201);
  });
  const host = await serve(t, ({ url = "", method, headers }, response, self) => {
    if (url.startsWith("/token")) {
      tokens++;
      response.end(JSON.stringify({ token: "t" }));
    } else if (headers.authorization !== "Bearer t") {
      answer(response, 401, { "www-authenticate": `Bearer realm="http://${self}/token"` });
    } else if (method === "POST") {
      answer(response, 202, { location: `http://${other}/up` });
    } else {
      answer(response, 404);
    }
  });
  const auth = Buffer.from("me:password").toString("base64");
  const config = join(process.env.DOCKER_CONFIG ?? "", "config.json");
  await writeFile(config, JSON.stringify({ auths: { [host]: { auth } } }));
  await openRepository({ host, repository: "agent" }).putBlob({ digest, bytes });
  assert.equal(tokens, 1);
  assert.deepEqual(elsewhere, ["PUT", undefined]);
});

test("tags are read page by page, and a repository that is not there has none", async (t) => {
  const host = await serve(t, ({ url = "" }, response) => {
    if (url.startsWith("/v2/none/")) return answer(response, 404);
    const isLast = url.includes("last=");
    const link: Record<string, string> = isLast
      ? {}
      : { link: '</v2/agent/tags/list?last=a>; rel="next"' };
    response.writeHead(200, link).end(JSON.stringify({ tags: isLast ? ["b"] : ["a"] }));
  });
  assert.deepEqual(await openRepository({ host, repository: "agent" }).tags(), ["a", "b"]);
  assert.deepEqual(await openRepository({ host, repository: "none" }).tags(), []);
});

test("a registry that sends more than it announced, or nonsense, is refused", async (t) => {
  const host = await serve(t, ({ url = "" }, response) => {
    response.end(url.includes("tags") ? "<html>" : Buffer.alloc(1000));
  });
  const repository = openRepository({ host, repository: "agent" });
  const unreachable = { code: "registry-unreachable" };
  await assert.rejects(repository.blob(digest, 100), unreachable);
  await assert.rejects(repository.tags(), unreachable);
});

test("an answer that ends in the middle is refused", async (t) => {
  const host = await serve(t, (_, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("a", () => response.destroy());
  });
  const repository = openRepository({ host, repository: "agent" });
  await assert.rejects(repository.blob(digest, 1000), { code: "registry-unreachable" });
});

test("what a manifest names and the registry lost is told by its digest", async (t) => {
  const host = await serve(t, (_, response) => answer(response, 404));
  const repository = openRepository({ host, repository: "agent" });
  await assert.rejects(repository.blob(digest, 1000), { code: "blob-missing" });
  assert.equal(await repository.manifest("1.0.0", "application/json"), undefined);
});

for (const status of [401, 403, 500]) {
  test(`a push that is answered with ${status} is refused with who to log in to`, async (t) => {
    const host = await serve(t, ({ method }, response) =>
      answer(response, method === "HEAD" ? 404 : status),
    );
    const repository = openRepository({ host, repository: "agent" });
    await assert.rejects(repository.putBlob({ digest, bytes }), {
      code: "registry-unreachable",
      message: `The registry ${host} answered ${status} for agent`,
    });
  });
}
