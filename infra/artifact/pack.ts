import { join, resolve } from "node:path";
import { readIfExists } from "../adapters/files.ts";
import { projectFolder, root } from "../adapters/paths.ts";
import { readOwnRelease } from "../adapters/releases.ts";
import { type Artifact, assembleArtifact, packFiles } from "../domain/artifact/artifact.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { writeLayout } from "./layout.ts";
import { refuseStaleLock } from "./lock.ts";
import { sha256 } from "./sha256.ts";
import { readSource, shortPath } from "./source.ts";

/**
 * Makes the artifact of an agent's package as it lies in the checkout. With it goes the image that
 * the pipeline's first environment runs of this very version, when there is one.
 *
 * @throws {UserError} what `readSource` throws. @throws {RefusedError} `lock-stale`.
 */
export async function packAgent(agent: string): Promise<Artifact> {
  const source = await readSource(agent);
  await refuseStaleLock(source);
  const image = await releasedImage(agent, source.package.version);
  return assembleArtifact(source.package, packFiles(source.files, sha256), image, sha256);
}

/** A package that was built. */
export interface BuiltPackage {
  readonly artifact: Artifact;
  /** OCI image layout that holds it, from the root of the checkout when it is inside. */
  readonly folder: string;
}

/** Where `package build` puts a version of a package unless it is told otherwise. */
export function layoutFolder(agent: string, version: string): string {
  return join(projectFolder, "packages", `${agent}-${version}`);
}

/**
 * Packs an agent and writes the artifact as an OCI image layout.
 *
 * @param output folder to write, in place of what it holds. @default `layoutFolder`
 * @throws what `packAgent` and `writeLayout` throw.
 */
export async function buildPackage(agent: string, output?: string): Promise<BuiltPackage> {
  const artifact = await packAgent(agent);
  const folder = resolve(output ?? layoutFolder(agent, artifact.config.version));
  await writeLayout(folder, artifact);
  return { artifact, folder: shortPath(folder) };
}

async function releasedImage(agent: string, version: string): Promise<string | undefined> {
  const pipeline = parsePipeline(
    pipelineFile,
    (await readIfExists(join(root, pipelineFile))) ?? "",
  );
  const release = await readOwnRelease(pipeline.environments[0]?.name ?? "", agent);
  return release?.package === agent && release.version === version ? release.image : undefined;
}
