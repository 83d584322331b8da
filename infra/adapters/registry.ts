import { createHash } from "node:crypto";
import { UserError } from "../domain/errors.ts";
import { connect, type Send, unreachable } from "./registry-connection.ts";

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
  const send = connect(name, signal);
  const head = await ask(send, name, "HEAD");
  if (head.status === 404) return undefined;
  const digest = head.headers.get("docker-content-digest");
  const isIndex = indexTypes.includes(mediaType(head));
  if (digest && !(platform && isIndex)) return digest;
  const response = await ask(send, name, "GET");
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

async function ask(send: Send, name: ImageName, method: "HEAD" | "GET"): Promise<Response> {
  const accept = [...indexTypes, ...manifestTypes].join(", ");
  const response = await send(`manifests/${name.version}`, { method, headers: { accept } });
  if (response.ok || response.status === 404) return response;
  throw unreachable(name.host, `answered ${response.status} for ${name.repository}`);
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

function mediaType(response: Response): string {
  return (response.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
}
