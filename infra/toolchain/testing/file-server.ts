import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { listen } from "../../adapters/testing/listen.ts";
import type { Download } from "../download.ts";

/** A server on this machine that has one file, and can be cut off in the middle of it. */
export interface FileServer {
  /** How the file is pinned. */
  readonly pin: Download;
  /** What was asked for: the Range header of each request, "all" without one. */
  readonly asked: string[];
}

export interface FileServerOptions {
  /** Name of the file. @default "program" */
  readonly name?: string;
  /** Sends so many bytes of the first answer and then, for ever, nothing more. */
  readonly stallAt?: number;
  /** Cuts the connection after so many bytes of each answer. */
  readonly cutAt?: number;
  /** Answers Range requests with the whole file. @default false */
  readonly ignoresRange?: boolean;
  /** Answers with this and no content. */
  readonly status?: number;
}

/** Serves a file until the test ends. */
export async function serveFile(
  t: TestContext,
  content: Buffer,
  { name = "program", ...options }: FileServerOptions = {},
): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.range ?? "all");
    respond(request, response, content, { ...options, isFirst: asked.length === 1 });
  });
  const port = await listen(t, server);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { pin: { url: `http://127.0.0.1:${port}/${name}`, sha256 }, asked };
}

function respond(
  { headers }: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  { stallAt, cutAt, ignoresRange, status, isFirst }: FileServerOptions & { isFirst: boolean },
): void {
  if (status !== undefined) return void response.writeHead(status).end();
  const from = ignoresRange ? 0 : Number(/bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
  if (from > 0 && from >= content.length) return void response.writeHead(416).end();
  const rest = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length });
  if (stallAt !== undefined && isFirst) response.write(rest.subarray(0, stallAt));
  else if (cutAt !== undefined && cutAt < rest.length) {
    response.write(rest.subarray(0, cutAt), () => response.destroy());
  } else response.end(rest);
}
