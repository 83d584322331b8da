import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { connect } from "node:net";
import type { KeyPair } from "./certificates.ts";

/** Client identity and trusted authority for an HTTPS request, in PEM. */
export interface Trust {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Trusts what `authority` signed, and is `holder` to whom it talks. */
export function trustOf(authority: KeyPair, holder?: KeyPair): Trust {
  const ca = authority.certificate;
  return holder ? { ca, cert: holder.certificate, key: holder.key } : { ca };
}

const timeoutMs = 2_000;

/** Resolves when a GET of `url` answers 200. */
export function answers(url: string, trust?: Trust): Promise<void> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = { ...trust, timeout: timeoutMs, agent: false };
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = send(url, options, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`${url} answered ${response.statusCode}`));
    });
    request.on("timeout", () => request.destroy(new Error(`${url} did not answer`)));
    request.on("error", reject);
    request.end();
  });
}

/** Resolves when something accepts connections on the unix socket. */
export function accepts(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`${socketPath} did not answer`)));
    socket.on("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.on("error", reject);
  });
}
