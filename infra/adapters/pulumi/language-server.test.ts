import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import * as grpc from "@grpc/grpc-js";
import { serveProgram } from "./language-server.ts";

// CommonJS and without published types.
const require = createRequire(import.meta.url);
const { LanguageRuntimeClient } = require("@pulumi/pulumi/proto/language_grpc_pb.js");
const { GetRequiredPluginsRequest } = require("@pulumi/pulumi/proto/language_pb.js");

async function serve(t: TestContext) {
  const server = await serveProgram(async () => ({}));
  t.after(() => server.close());
  return server;
}

/** Asks the server something that it can answer without an engine. */
function ask(t: TestContext, address: string): Promise<{ getPluginsList(): unknown[] }> {
  const client = new LanguageRuntimeClient(address, grpc.credentials.createInsecure());
  t.after(() => client.close());
  return new Promise((resolve, reject) => {
    client.getRequiredPlugins(
      new GetRequiredPluginsRequest(),
      (error: Error | null, response: { getPluginsList(): unknown[] }) =>
        error ? reject(error) : resolve(response),
    );
  });
}

test("a client that comes before the SDK is loaded is served", async (t) => {
  // The SDK is loaded in a later turn of the event loop than the one that this call begins in.
  const { address } = await serve(t);
  assert.match(address, /^127\.0\.0\.1:\d+$/);
  assert.deepEqual((await ask(t, address)).getPluginsList(), []);
});

test("clients that come later are served too, several at once", async (t) => {
  const { address } = await serve(t);
  await ask(t, address);
  const answers = await Promise.all([ask(t, address), ask(t, address)]);
  assert.equal(answers.length, 2);
});

test("after closing, nothing listens at the address", async (t) => {
  const server = await serveProgram(async () => ({}));
  await ask(t, server.address);
  server.close();
  assert.equal(await endOf(server.address), "ECONNREFUSED");
});

test("closing before the SDK is loaded leaves nobody waiting for it", async () => {
  const server = await serveProgram(async () => ({}));
  const ended = endOf(server.address);
  server.close();
  await ended;
});

/** How a plain connection ends: with the code of its error, or closed by the other side. */
function endOf(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let code: string | undefined;
    connect(Number(address.split(":")[1]), "127.0.0.1")
      .on("error", (error: NodeJS.ErrnoException) => {
        code = error.code;
      })
      .on("close", () => resolve(code));
  });
}
