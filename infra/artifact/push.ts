import type { Report } from "../adapters/report.ts";
import { readCluster } from "../cluster/record.ts";
import { parseRepository } from "../domain/artifact/reference.ts";
import { packAgent } from "./pack.ts";
import { type PushedPackage, pushArtifact } from "./remote.ts";
import { readSigningKey, signArtifact } from "./signing.ts";

/** What to push, and where to. */
export interface PushOptions {
  readonly agent: string;
  /** `host/path`. @default the cluster's registry, `packages/<agent>` */
  readonly repository?: string | undefined;
  /** File with the private key to sign with. @default no signature */
  readonly keyFile?: string | undefined;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/**
 * Packs an agent as it is now and pushes the artifact, signed when a key is given.
 *
 * @throws what `packAgent`, `pushArtifact` and `readSigningKey` throw; {UserError} `no-cluster`
 * when no repository is named and there is no cluster whose registry could take it.
 */
export async function pushAgent(
  options: PushOptions,
): Promise<PushedPackage & { readonly version: string }> {
  const { agent, repository, keyFile, report, signal } = options;
  // Before anything is published that could then not be signed.
  const key = keyFile === undefined ? undefined : await readSigningKey(keyFile);
  const artifact = await packAgent(agent);
  const name = parseRepository(repository ?? `${(await readCluster()).registry}/packages/${agent}`);
  const { image } = artifact.config;
  if (image !== undefined && !image.startsWith(`${name.host}/`)) {
    report(`Its image is elsewhere: ${image}. Who pulls the package must reach that too`);
  }
  const pushed = await pushArtifact(artifact, name, signal);
  if (key) await signArtifact(name, artifact.digest, key, signal);
  return { ...pushed, version: artifact.config.version };
}
