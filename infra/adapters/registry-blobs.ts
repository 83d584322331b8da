import { createHash } from "node:crypto";
import { UserError } from "../domain/errors.ts";
import {
  connect,
  type RegistryRequest,
  type Repository,
  type Send,
  unreachable,
} from "./registry-connection.ts";

/** Bytes as a registry keeps them. */
export interface StoredBlob {
  /** `sha256:<64 hex>`. */
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** Reads and writes manifests and blobs of one repository. */
export interface RepositoryAccess {
  /**
   * A manifest by tag or digest as it is stored, with the digest that its bytes have, or undefined
   * when there is none.
   */
  manifest(version: string, mediaType: string): Promise<StoredBlob | undefined>;
  /** A blob with the digest that its bytes have, at most `maxBytes` of it. */
  blob(digest: string, maxBytes: number): Promise<StoredBlob>;
  /** Uploads a blob unless the registry has it. */
  putBlob(blob: StoredBlob): Promise<void>;
  /** Uploads a manifest under a tag; everything it points to has to be there. */
  putManifest(tag: string, mediaType: string, bytes: Uint8Array): Promise<void>;
  /** All tags, in no order; none when the repository does not exist. */
  tags(): Promise<readonly string[]>;
}

const blobTimeoutMs = 300_000;

/** The most that a registry has to accept as a manifest, in bytes. */
const maxManifestBytes = 4 * 1024 * 1024;

const maxTagPages = 100;

/**
 * Opens a repository of an OCI registry, as `connect` does.
 *
 * Every call throws {UserError} `registry-unreachable` when the registry gives no usable answer, and
 * `blob-missing` when it does not have what one of its manifests points to.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function openRepository(name: Repository, signal?: AbortSignal): RepositoryAccess {
  const send = connect(name, signal);
  return {
    manifest: async (version, mediaType) => {
      const response = await send(`manifests/${version}`, { headers: { accept: mediaType } });
      if (response.status === 404) return undefined;
      expect(name, response, 200);
      return hashed(await read(name, response, maxManifestBytes));
    },
    blob: async (digest, maxBytes) => {
      const response = await send(`blobs/${digest}`, { timeoutMs: blobTimeoutMs });
      if (response.status === 404) throw missing(name, digest);
      expect(name, response, 200);
      return hashed(await read(name, response, maxBytes));
    },
    putBlob: (blob) => putBlob(name, send, blob),
    putManifest: async (tag, mediaType, body) => {
      const headers = { "content-type": mediaType };
      expect(name, await send(`manifests/${tag}`, { method: "PUT", headers, body }), 201);
    },
    tags: () => listTags(name, send),
  };
}

async function putBlob(name: Repository, send: Send, { digest, bytes }: StoredBlob): Promise<void> {
  const found = await send(`blobs/${digest}`, { method: "HEAD" });
  if (found.ok) return;
  const started = await send("blobs/uploads/", { method: "POST" });
  expect(name, started, 202);
  const base = new URL(started.url);
  const location = new URL(started.headers.get("location") ?? "", base);
  if (base.protocol === "https:" && location.protocol !== "https:") {
    throw unreachable(name.host, "wants an upload over a connection that is not encrypted");
  }
  location.searchParams.set("digest", digest);
  const upload: RegistryRequest = {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: bytes,
    timeoutMs: blobTimeoutMs,
  };
  expect(name, await send(location.href, upload), 201);
}

async function listTags(name: Repository, send: Send): Promise<readonly string[]> {
  const tags: string[] = [];
  let path: string | undefined = "tags/list";
  for (let page = 0; path !== undefined && page < maxTagPages; page++) {
    const response: Response = await send(path);
    if (response.status === 404) return tags;
    expect(name, response, 200);
    const body = await read(name, response, maxManifestBytes);
    tags.push(...tagsIn(name, body));
    const next: string | undefined = /<([^>]+)>; *rel="?next"?/.exec(
      response.headers.get("link") ?? "",
    )?.[1];
    path = next === undefined ? undefined : new URL(next, response.url).href;
  }
  return tags;
}

function tagsIn({ host }: Repository, body: Uint8Array): readonly string[] {
  try {
    const { tags } = JSON.parse(Buffer.from(body).toString());
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
  } catch (error) {
    throw unreachable(host, "answered with something that is no list of tags", error);
  }
}

async function read(name: Repository, response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > maxBytes) break;
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw unreachable(name.host, "ended in the middle of its answer", error);
  }
  if (size > maxBytes) throw unreachable(name.host, `sends more than ${maxBytes} bytes`);
  return Buffer.concat(parts);
}

function expect({ host, repository }: Repository, response: Response, status: number): void {
  if (response.status === status) return;
  throw unreachable(host, `answered ${response.status} for ${repository}`);
}

function missing({ host, repository }: Repository, digest: string): UserError {
  return new UserError(
    "blob-missing",
    `${host}/${repository} names ${digest} and does not have it`,
    "Push the package again",
  );
}

function hashed(bytes: Uint8Array): StoredBlob {
  return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, bytes };
}
