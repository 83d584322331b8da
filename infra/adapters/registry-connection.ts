import { UserError } from "../domain/errors.ts";
import { basicCredentials } from "./registry-credentials.ts";

/** A repository in a registry. */
export interface Repository {
  /** Host and port that serve it, such as "localhost:5000". */
  readonly host: string;
  readonly repository: string;
}

/** What to send, besides where. */
export interface RegistryRequest {
  /** @default GET */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** @default 15 seconds */
  readonly timeoutMs?: number;
}

/**
 * Sends a request to one repository and returns whatever is answered.
 *
 * @param path from the repository's own address, or the absolute one that the registry named
 * @throws {UserError} `registry-unreachable` when there is no answer.
 */
export type Send = (path: string, request?: RegistryRequest) => Promise<Response>;

/**
 * Speaks plain HTTP to this machine's own addresses and HTTPS to all others. A registry that asks
 * for a token gets one, with the account of ~/.docker/config.json when there is one, and keeps it
 * for the requests that follow.
 */
export function connect({ host, repository }: Repository, signal?: AbortSignal): Send {
  const base = `${scheme(host)}://${host}/v2/${repository}/`;
  let authorization: string | undefined;
  return async (path, { timeoutMs = 15_000, ...init } = {}) => {
    const url = new URL(path, base);
    // Uploads may go to another host, which has no claim to the account of this one.
    const isOwn = url.origin === new URL(base).origin;
    const send = () =>
      request(host, url.href, {
        ...(init as RequestInit),
        headers: { ...init.headers, ...(isOwn && authorization && { authorization }) },
        signal: withTimeout(timeoutMs, signal),
      });
    const response = await send();
    if (response.status !== 401 || !isOwn) return response;
    authorization = await answerChallenge(host, response, signal);
    return authorization ? send() : response;
  };
}

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
async function answerChallenge(
  host: string,
  response: Response,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const challenge = response.headers.get("www-authenticate") ?? "";
  const account = await basicCredentials(host);
  const basic = account && `Basic ${account}`;
  if (/^basic /i.test(challenge)) return basic;
  const fields: Record<string, string> = {};
  for (const [, key = "", value = ""] of challenge.matchAll(/(\w+)="([^"]*)"/g))
    fields[key] = value;
  if (!/^bearer /i.test(challenge) || !fields.realm) return undefined;
  const { realm, ...query } = fields;
  const url = new URL(realm);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  // A registry must not be able to make us send a password in clear text over the network.
  const mayHavePassword = url.protocol === "https:" || scheme(url.host) === "http";
  const answer = await request(url.host, url.href, {
    headers: basic && mayHavePassword ? { authorization: basic } : {},
    signal: withTimeout(15_000, signal),
  });
  if (!answer.ok) return undefined;
  const { token, access_token } = (await answer.json()) as Record<string, string | undefined>;
  return `Bearer ${token ?? access_token}`;
}

async function request(host: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    const cause = (error as Error).cause ?? error;
    throw unreachable(host, `gives no answer (${reason(cause)})`, error);
  }
}

function reason(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  return code ?? message ?? String(cause);
}

/** An error that says what a registry did in place of an answer. */
export function unreachable(host: string, what: string, cause?: unknown): UserError {
  const hint = scheme(host) === "http" ? "npx slipway cluster status" : `docker login ${host}`;
  return new UserError("registry-unreachable", `The registry ${host} ${what}`, hint, { cause });
}

function scheme(host: string): "http" | "https" {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) ? "http" : "https";
}

function withTimeout(timeoutMs: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
