import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";

/** An image as its registry has it. */
export interface PulledImage {
  /** Digest that the registry itself gives the manifest. */
  readonly digest: string | null;
  /** The configuration's text, with the history of the build. */
  readonly configText: string;
  readonly config: { readonly User?: string; readonly Env?: readonly string[] };
  /** Each layer as an uncompressed tar archive. */
  readonly layers: readonly Buffer[];
}

/** Pulls an image from a registry that speaks plain HTTP. */
export async function pullImage(reference: string): Promise<PulledImage> {
  const [, host, repository, version] = /^([^/]+)\/([^@]+)@(.+)$/.exec(reference) ?? [];
  const get = async (path: string) => {
    const accept = "application/vnd.oci.image.manifest.v1+json";
    const response = await fetch(`http://${host}/v2/${repository}/${path}`, {
      headers: { accept },
    });
    assert.ok(response.ok, `${path}: ${response.status}`);
    return response;
  };
  const response = await get(`manifests/${version}`);
  const manifest = (await response.json()) as Record<string, unknown> & {
    config: { digest: string };
    layers: { digest: string; mediaType: string }[];
  };
  const configText = await (await get(`blobs/${manifest.config.digest}`)).text();
  const layers = [];
  for (const { digest, mediaType } of manifest.layers) {
    const blob = Buffer.from(await (await get(`blobs/${digest}`)).arrayBuffer());
    layers.push(mediaType.endsWith("+gzip") ? gunzipSync(blob) : blob);
  }
  const digest = response.headers.get("docker-content-digest");
  return { digest, configText, config: JSON.parse(configText).config, layers };
}

/** Removes a manifest, as a registry does that was emptied or lost its disk. */
export async function removeFromRegistry(reference: string): Promise<void> {
  const [, host, repository, digest] = /^([^/]+)\/([^@]+)@(.+)$/.exec(reference) ?? [];
  const url = `http://${host}/v2/${repository}/manifests/${digest}`;
  assert.equal((await fetch(url, { method: "DELETE" })).status, 202);
}
