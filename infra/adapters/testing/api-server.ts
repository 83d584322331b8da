import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { TLSSocket } from "node:tls";
import { issueAuthority, issueCertificate } from "../../cluster/embedded/certificates.ts";
import { listen } from "./listen.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const validity = { from: new Date(Date.now() - 60_000), days: 1 };

/** Made once: its key takes longer than a test. */
export const authority = await issueAuthority("test-ca", validity);

/** What `kubectl` would use as an admin. */
export const clientPair = await issueCertificate(
  authority,
  { commonName: "admin", organization: "system:masters" },
  validity,
);

const serverPair = await issueCertificate(
  authority,
  { commonName: "server", hosts: ["127.0.0.1", "api.test"] },
  validity,
);

/** A server on this machine that speaks as an API server does. */
export interface ApiServer {
  readonly url: string;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves HTTPS until the test ends. It asks for a client certificate, and takes requests without. */
export async function serveApi(t: TestContext, handler: Handler): Promise<ApiServer> {
  const server = createServer(
    {
      cert: serverPair.certificate,
      key: serverPair.key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
    },
    handler,
  );
  return { url: `https://127.0.0.1:${await listen(t, server)}` };
}

/** The name in the client certificate of a request, when the authority signed it. */
export function clientOf(request: IncomingMessage): string | undefined {
  const socket = request.socket as TLSSocket;
  if (!socket.authorized) return undefined;
  const { subject } = new X509Certificate(socket.getPeerCertificate().raw);
  return /CN=(.*)/.exec(subject)?.[1];
}

/** Answers with an object, as the API server does. */
export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A kubeconfig with the one context "test". Returns its path. */
export async function writeKubeconfig(
  t: TestContext,
  server: string,
  user: object = {},
  cluster: object = { "certificate-authority-data": base64(authority.certificate) },
): Promise<string> {
  const path = join(await temporaryFolder(t), "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster: { server, ...cluster } }],
    contexts: [{ name: "test", context: { cluster: "cluster", user: "user" } }],
    users: [{ name: "user", user }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** The certificate and key of `clientPair`, as a kubeconfig holds them. */
export const certificateUser = {
  "client-certificate-data": base64(clientPair.certificate),
  "client-key-data": base64(clientPair.key),
};
