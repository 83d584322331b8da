import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { manifestDigest, parseImageName, requireDigest } from "./registry.ts";
import { closedPort, listen } from "./testing/listen.ts";

const config = await mkdtemp(join(tmpdir(), "slipway-docker-"));
after(() => rm(config, { recursive: true }));
process.env.DOCKER_CONFIG = config;

const digest = `sha256:${"a".repeat(64)}`;
const manifest = "application/vnd.oci.image.manifest.v1+json";
const index = "application/vnd.oci.image.index.v1+json";

type Handler = (request: IncomingMessage, response: ServerResponse, host: string) => void;

/** A registry on a free port of this machine. Returns "localhost:<port>". */
async function serve(t: TestContext, handler: Handler): Promise<string> {
  let host = "";
  const server = createServer((request, response) => handler(request, response, host));
  host = `localhost:${await listen(t, server)}`;
  return host;
}

const answer = (response: ServerResponse, status: number, headers: Record<string, string> = {}) =>
  response.writeHead(status, headers).end();

test("a manifest is asked for by HEAD, in both formats of the digest's owner", async (t) => {
  const seen: (string | undefined)[] = [];
  const host = await serve(t, ({ method, url, headers }, response) => {
    seen.push(method, url, headers.accept);
    answer(response, 200, { "content-type": manifest, "docker-content-digest": digest });
  });
  assert.equal(await manifestDigest(`${host}/team/agent:1.0.0`), digest);
  const [method, url, accept = ""] = seen;
  assert.deepEqual([method, url], ["HEAD", "/v2/team/agent/manifests/1.0.0"]);
  for (const type of [manifest, index, "vnd.docker.distribution"]) assert.ok(accept.includes(type));
});

test("an image that the registry does not have is undefined, and an error when it has to be there", async (t) => {
  const host = await serve(t, (_, response) => answer(response, 404));
  assert.equal(await manifestDigest(`${host}/agent@${digest}`), undefined);
  await assert.rejects(requireDigest(`${host}/agent@${digest}`), { code: "image-not-in-registry" });
});

test("a registry that fails, or that is not there, is unreachable", async (t) => {
  const host = await serve(t, (_, response) => answer(response, 500));
  await assert.rejects(manifestDigest(`${host}/agent:1`), {
    code: "registry-unreachable",
    message: `The registry ${host} answered 500 for agent`,
  });
  const closed = `127.0.0.1:${await closedPort()}`;
  await assert.rejects(manifestDigest(`${closed}/agent:1`), {
    code: "registry-unreachable",
    message: `The registry ${closed} gives no answer (ECONNREFUSED)`,
  });
});

test("of an index, the digest of the platform's own image is taken", async (t) => {
  const manifests = [
    { digest: `sha256:${"b".repeat(64)}`, platform: { os: "linux", architecture: "arm64" } },
    { digest: `sha256:${"c".repeat(64)}`, platform: { os: "linux", architecture: "amd64" } },
  ];
  const host = await serve(t, (_, response) => {
    response.writeHead(200, { "content-type": index, "docker-content-digest": digest });
    response.end(JSON.stringify({ manifests }));
  });
  const find = (platform?: string) =>
    manifestDigest(`${host}/agent:1`, platform ? { platform } : {});
  assert.equal(await find(), digest);
  assert.equal(await find("linux/amd64"), manifests[1]?.digest);
  assert.equal(await find("linux/s390x"), undefined);
});

test("without a digest in the answer, it is that of the manifest's bytes", async (t) => {
  const host = await serve(t, (_, response) => {
    response.writeHead(200, { "content-type": manifest });
    response.end("{}");
  });
  const ofBraces = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  assert.equal(await manifestDigest(`${host}/agent:1`), ofBraces);
});

for (const [who, account] of [
  ["without an account", undefined],
  ["with the account of docker login", Buffer.from("me:password").toString("base64")],
] as const) {
  test(`a registry that wants a token gets one, ${who}`, async (t) => {
    const asked: (string | undefined)[] = [];
    const host = await serve(t, ({ url = "", headers }, response, self) => {
      if (url.startsWith("/token")) {
        asked.push(url, headers.authorization);
        response.end(JSON.stringify({ token: "t" }));
      } else if (headers.authorization === "Bearer t") {
        answer(response, 200, { "content-type": manifest, "docker-content-digest": digest });
      } else {
        const challenge = `Bearer realm="http://${self}/token",service="reg",scope="repository:agent:pull"`;
        answer(response, 401, { "www-authenticate": challenge });
      }
    });
    const auths = account ? { [host]: { auth: account } } : {};
    await writeFile(join(config, "config.json"), JSON.stringify({ auths }));
    assert.equal(await manifestDigest(`${host}/agent:1`), digest);
    assert.equal(asked[0], "/token?service=reg&scope=repository%3Aagent%3Apull");
    assert.equal(asked[1], account && `Basic ${account}`);
  });
}

test("a registry that refuses the account is unreachable, and the password does not show", async (t) => {
  const host = await serve(t, (_, response) =>
    answer(response, 401, { "www-authenticate": 'Basic realm="x"' }),
  );
  const auth = Buffer.from("me:password").toString("base64");
  await writeFile(join(config, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
  await assert.rejects(manifestDigest(`${host}/agent:1`), (error: Error) => {
    assert.equal(error.message, `The registry ${host} answered 401 for agent`);
    return true;
  });
});

test("image names are read as Docker reads them", () => {
  const parts = (name: string) => Object.values(parseImageName(name)).join(" ");
  assert.equal(parts("localhost:5000/agent:1.0.0"), "localhost:5000 agent 1.0.0");
  assert.equal(parts(`ghcr.io/team/agent@${digest}`), `ghcr.io team/agent ${digest}`);
  assert.equal(parts(`ghcr.io/team/agent:1@${digest}`), `ghcr.io team/agent ${digest}`);
  assert.equal(parts("localhost/agent"), "localhost agent latest");
  assert.equal(parts("python:3.11"), "registry-1.docker.io library/python 3.11");
  assert.equal(parts("docker.io/team/agent"), "registry-1.docker.io team/agent latest");
});
