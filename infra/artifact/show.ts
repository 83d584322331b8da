import type { Artifact, ArtifactConfig } from "../domain/artifact/artifact.ts";
import type { FileRecord } from "../domain/artifact/file-list.ts";
import { type UnpackedPackage, unpackArtifact } from "../domain/artifact/unpack.ts";
import { readLayout } from "./layout.ts";
import { packAgent } from "./pack.ts";
import { fetchPackage } from "./remote.ts";
import { sha256 } from "./sha256.ts";
import { findTarget } from "./target.ts";

/** Everything that can be known of a package without running it. */
export interface ShownPackage extends ArtifactConfig {
  /** `sha256:<64 hex>` of the artifact; of an agent, of what `package build` would make now. */
  readonly digest: string;
  readonly files: readonly FileRecord[];
  /** Text of its `values.yaml`. */
  readonly values?: string;
  /** Text of its `README.md`. */
  readonly readme?: string;
}

/**
 * Reads what a package says about itself, whether it is an agent, an image layout or in a registry.
 *
 * @throws what `packAgent`, `readLayout`, `fetchPackage` and `unpackArtifact` throw.
 */
export async function showPackage(text: string, signal?: AbortSignal): Promise<ShownPackage> {
  const { digest, config, records, files } = await open(text, signal);
  const read = (name: string) => {
    const file = files.find(({ path }) => path === name);
    return file && new TextDecoder().decode(file.content);
  };
  const [values, readme] = [read("values.yaml"), read("README.md")];
  return {
    ...config,
    digest,
    files: records,
    ...(values !== undefined && { values }),
    ...(readme !== undefined && { readme }),
  };
}

async function open(text: string, signal?: AbortSignal): Promise<UnpackedPackage> {
  const target = findTarget(text);
  if (target.kind === "reference") return fetchPackage(target.reference, signal);
  if (target.kind === "folder") {
    return unpackArtifact(target.folder, await readLayout(target.folder), sha256);
  }
  return reopened(target.agent, await packAgent(target.agent));
}

function reopened(agent: string, artifact: Artifact): UnpackedPackage {
  const { digest, manifestBytes: manifest, configBytes: config, content } = artifact;
  return unpackArtifact(agent, { digest, manifest, config, content }, sha256);
}
