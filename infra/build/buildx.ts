import { join } from "node:path";
import { readIfExists, writeAtomically } from "../adapters/files.ts";
import { stateFolder } from "../adapters/paths.ts";

/** Name of the buildx instance that stands for the cluster's BuildKit daemon. */
export const buildxInstance = "slipway";

/** Buildx's own folder, for Slipway's builds only: the user's in ~/.docker is not touched. */
export const buildxFolder = join(stateFolder, "buildx");

/**
 * What the engine's plugins need in their environment to find the instance.
 *
 * @see https://docs.docker.com/build/building/variables/#buildx_config
 */
export const buildxEnvironment: NodeJS.ProcessEnv = { BUILDX_CONFIG: buildxFolder };

/** Describes a BuildKit daemon at an address such as "unix:///..." as the buildx instance. */
export async function writeBuildxInstance(address: string): Promise<void> {
  const path = join(buildxFolder, "instances", buildxInstance);
  const instance = {
    Name: buildxInstance,
    Driver: "remote",
    Nodes: [{ Name: `${buildxInstance}0`, Endpoint: address }],
    Dynamic: false,
  };
  const text = JSON.stringify(instance);
  if ((await readIfExists(path)) !== text) await writeAtomically(path, text);
}
