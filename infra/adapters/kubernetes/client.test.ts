import assert from "node:assert/strict";
import { createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { UserError } from "../../domain/errors.ts";
import {
  answer,
  certificateUser,
  clientOf,
  serveApi,
  writeKubeconfig,
} from "../testing/api-server.ts";
import { listen } from "../testing/listen.ts";
import { ApiError, KubernetesClient, type WatchEvent } from "./client.ts";

type Handler = Parameters<typeof serveApi>[1];

/** A client that talks to a server with this handler. */
async function connect(t: TestContext, handler: Handler): Promise<KubernetesClient> {
  const { url } = await serveApi(t, handler);
  return connectTo(t, url);
}

async function connectTo(t: TestContext, url: string): Promise<KubernetesClient> {
  const client = await KubernetesClient.connect(await writeKubeconfig(t, url), "test");
  t.after(() => client.close());
  return client;
}

const event = (name: string) => ({ type: "ADDED", object: { metadata: { name } } });

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

const patient = () => AbortSignal.timeout(60_000);

async function watchAll(
  client: KubernetesClient,
  signal = patient(),
): Promise<WatchEvent<unknown>[]> {
  const events: WatchEvent<unknown>[] = [];
  await client.watch("/api/v1/pods?watch=true", (one) => events.push(one), signal);
  return events;
}

test("a client certificate says who asks, and the server is checked against the cluster's authority", async (t) => {
  const { url } = await serveApi(t, (request, response) =>
    answer(response, 200, { user: clientOf(request), url: request.url }),
  );
  const kubeconfig = await writeKubeconfig(t, url, certificateUser);
  const client = await KubernetesClient.connect(kubeconfig, "test");
  t.after(() => client.close());
  assert.deepEqual(await client.get("/version"), { user: "admin", url: "/version" });
});

test("a server that the cluster's authority did not sign is not talked to", async (t) => {
  const asked: unknown[] = [];
  const { url } = await serveApi(t, (request) => asked.push(request.url));
  const kubeconfig = await writeKubeconfig(t, url, { token: "canary" }, {});
  const client = await KubernetesClient.connect(kubeconfig, "test");
  t.after(() => client.close());
  await assert.rejects(client.get("/version"), { code: "cluster-unreachable" });
  assert.deepEqual(asked, []);
});

test("a path in the server's address stays in front of every path", async (t) => {
  const { url } = await serveApi(t, (request, response) =>
    answer(response, 200, { url: request.url }),
  );
  const client = await connectTo(t, `${url}/clusters/one/`);
  assert.deepEqual(await client.get("/version"), { url: "/clusters/one/version" });
});

test("what is not there is undefined to find, and an error to get", async (t) => {
  const client = await connect(t, (_, response) =>
    answer(response, 404, { kind: "Status", message: 'pods "x" not found' }),
  );
  assert.equal(await client.find("/api/v1/namespaces/a/pods/x"), undefined);
  await assert.rejects(client.get("/api/v1/namespaces/a/pods/x"), { code: "api-404", status: 404 });
});

for (const [what, body, shown] of [
  ["the words of a Status", JSON.stringify({ message: "no access to pods" }), "no access to pods"],
  ["a proxy's page, cut short", `<html>${"x".repeat(1000)}`, `<html>${"x".repeat(294)}`],
] as const) {
  test(`an error of the API server is shown with ${what}`, async (t) => {
    const client = await connect(t, (_, response) => response.writeHead(403).end(body));
    await assert.rejects(client.find("/api/v1/pods"), (error: Error) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.message, `The API server answered 403: ${shown}`);
      return true;
    });
  });
}

test("plain text such as a log comes as it is", async (t) => {
  const client = await connect(t, (_, response) => response.end("one\ntwo €\n"));
  assert.equal(await client.text("GET", "/api/v1/namespaces/a/pods/x/log"), "one\ntwo €\n");
});

for (const [what, handler] of [
  ["accepts the connection and says nothing", undefined],
  [
    "stops in the middle of its answer",
    (response: { write(text: string): void }) => response.write("{"),
  ],
] as const) {
  test(`a server that ${what} is unreachable once the limit is over`, async (t) => {
    const client = await connect(t, (_, response) => handler?.(response));
    await assert.rejects(client.get("/version", 150), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.code, "cluster-unreachable");
      assert.match(
        error.message,
        /^The API server https:\S+ cannot be reached: no answer within 0\.15 s$/,
      );
      assert.ok(error.hint);
      return true;
    });
  });
}

test("a server that never completes the TLS handshake is unreachable once the limit is over", async (t) => {
  const hole = createServer(() => {});
  const client = await connectTo(t, `https://127.0.0.1:${await listen(t, hole)}`);
  await assert.rejects(client.get("/version", 150), { code: "cluster-unreachable" });
});

test("a port where nothing listens is unreachable at once", async (t) => {
  const client = await connectTo(t, "https://127.0.0.1:1");
  await assert.rejects(client.get("/version"), (error: UserError) => {
    assert.equal(error.code, "cluster-unreachable");
    assert.match(error.message, /ECONNREFUSED/);
    return true;
  });
});

test("a watch gives each event, wherever the pieces on the wire begin and end", async (t) => {
  const text = ["a", "bé", "c"].map((name) => line(event(name))).join("");
  const client = await connect(t, (_, response) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7));
    response.end();
  });
  assert.deepEqual(await watchAll(client), ["a", "bé", "c"].map(event));
});

test("a watch that the server cuts in the middle of an event ends without one", async (t) => {
  const client = await connect(t, (_, response) => {
    response.write(`${line(event("a"))}{"type":"ADD`, () => response.destroy());
  });
  assert.deepEqual(await watchAll(client), [event("a")]);
});

test("a watch ends when its signal does, before and after the server answered", async (t) => {
  const client = await connect(t, (_, response) => response.write(line(event("a"))));
  assert.deepEqual(await watchAll(client, AbortSignal.abort()), []);
  const stop = new AbortController();
  const events: unknown[] = [];
  const onEvent = (one: unknown) => {
    events.push(one);
    stop.abort();
  };
  await client.watch("/api/v1/pods?watch=true", onEvent, stop.signal);
  assert.deepEqual(events, [event("a")]);
});

test("a watch that is forbidden is an error, and its Status is no event", async (t) => {
  const client = await connect(t, (_, response) =>
    response.writeHead(403).end(line({ kind: "Status", message: "no access to pods" })),
  );
  await assert.rejects(watchAll(client), {
    code: "api-403",
    message: "The API server answered 403: no access to pods",
  });
});

test("a watch ends quietly when the server is too busy or not there: the caller looks again", async (t) => {
  const busy = await connect(t, (_, response) =>
    response.writeHead(429).end(line({ kind: "Status", message: "too many requests" })),
  );
  assert.deepEqual(await watchAll(busy), []);
  assert.deepEqual(await watchAll(await connectTo(t, "https://127.0.0.1:1")), []);
});

test("a read is answered beside as many watches as a rollout needs", async (t) => {
  const client = await connect(t, ({ url = "" }, response) => {
    if (url.includes("watch")) response.write(line(event("a")));
    else answer(response, 200, { ok: true });
  });
  const stop = new AbortController();
  const began: Promise<void>[] = [];
  const watches = Array.from({ length: 5 }, () => {
    let begin = () => {};
    began.push(
      new Promise((resolve) => {
        begin = resolve;
      }),
    );
    return client.watch("/api/v1/pods?watch=true", () => begin(), stop.signal);
  });
  await Promise.all(began);
  assert.deepEqual(await client.get("/readyz"), { ok: true });
  stop.abort();
  await Promise.all(watches);
});
