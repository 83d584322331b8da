import { createHash } from "node:crypto";
import { UserError } from "../domain/errors.ts";
import { basicCredentials } from "./registry-credentials.ts";

/** What to look for in a registry. */
export interface LookUp {
  /** Operating system and processor, such as "linux/amd64". */
  readonly platform?: string;
  readonly signal?: AbortSignal;
}

/** An image name taken apart, with the defaults that Docker gives it. */
export interface ImageName {
  /** Host and port that serve it, such as "localhost:5000". */
  readonly host: string;
  readonly repository: string;
  /** A tag, or a digest "sha256:...". */
  readonly version: string;
}

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const timeoutMs = 15_000;

/**
 * The digest ("sha256:...") of an image that is named by tag or by digest, or undefined when its
 * registry does not have it. With a platform, the digest of that platform's image: an index that
 * does not list the platform counts as not having it.
 *
 * Speaks plain HTTP to this machine's own addresses and HTTPS to all others. A registry that asks
 * for a token gets one, with the account of ~/.docker/config.json when there is one.
 *
 * @throws {UserError} `registry-unreachable` when the registry gives no answer, or not a usable one.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export async function manifestDigest(
  reference: string,
  { platform, signal }: LookUp = {},
): Promise<string | undefined> {
  const name = parseImageName(reference);
  const head = await ask(name, "HEAD", signal);
  if (head.status === 404) return undefined;
  const digest = head.headers.get("docker-content-digest");
  const isIndex = indexTypes.includes(mediaType(head));
  if (digest && !(platform && isIndex)) return digest;
  const response = await ask(name, "GET", signal);
  if (response.status === 404) return undefined;
  const body = await response.text();
  if (platform && isIndex) return platformEntry(body, platform);
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

/**
 * Like `manifestDigest`, for an image that was just pushed.
 *
 * @throws {UserError} `image-not-in-registry` when it is not there; `registry-unreachable`.
 */
export async function requireDigest(reference: string, lookUp: LookUp = {}): Promise<string> {
  const digest = await manifestDigest(reference, lookUp);
  if (digest) return digest;
  const wanted = lookUp.platform ? ` for ${lookUp.platform}` : "";
  throw new UserError(
    "image-not-in-registry",
    `${reference} is not in its registry${wanted}, although it was pushed`,
    "See that the builder and this machine mean the same registry: npx slipway cluster status",
  );
}

/** Takes an image name apart: a first part with a dot, a colon or "localhost" is the registry. */
export function parseImageName(reference: string): ImageName {
  const [first = "", ...rest] = reference.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = isHost ? rest.join("/") : reference;
  const [, repository = "", tag = "latest", digest] =
    /^([^@:]+)(?::([^@]+))?(?:@(.+))?$/.exec(path) ?? [];
  const version = digest ?? tag;
  if (isHost && first !== "docker.io") return { host: first, repository, version };
  const official = repository.includes("/") ? repository : `library/${repository}`;
  return { host: "registry-1.docker.io", repository: official, version };
}

async function ask(name: ImageName, method: "HEAD" | "GET", signal?: AbortSignal) {
  const url = `${scheme(name.host)}://${name.host}/v2/${name.repository}/manifests/${name.version}`;
  const accept = [...indexTypes, ...manifestTypes].join(", ");
  const send = (authorization?: string) =>
    request(name.host, url, {
      method,
      headers: { accept, ...(authorization && { authorization }) },
      signal: withTimeout(signal),
    });
  let response = await send();
  if (response.status === 401) {
    const authorization = await answerChallenge(name.host, response, signal);
    if (authorization) response = await send(authorization);
  }
  if (response.ok || response.status === 404) return response;
  throw unreachable(name.host, `answered ${response.status} for ${name.repository}`);
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
    signal: withTimeout(signal),
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

function unreachable(host: string, what: string, cause?: unknown): UserError {
  const hint = scheme(host) === "http" ? "npx slipway cluster status" : `docker login ${host}`;
  return new UserError("registry-unreachable", `The registry ${host} ${what}`, hint, { cause });
}

function platformEntry(index: string, platform: string): string | undefined {
  const { manifests = [] } = JSON.parse(index) as {
    manifests?: { digest: string; platform?: { os: string; architecture: string } }[];
  };
  const [os, architecture] = platform.split("/");
  return manifests.find(
    (entry) => entry.platform?.os === os && entry.platform?.architecture === architecture,
  )?.digest;
}

function scheme(host: string): "http" | "https" {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) ? "http" : "https";
}

function mediaType(response: Response): string {
  return (response.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
}

function withTimeout(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
