import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds Slipway's own package.json, from source as well as from a compiled copy. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Downloads and builds, keyed by what they are made of. Safe to delete at any time. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway");

/** What this machine keeps between runs: the local cluster and how to reach it. */
export const stateFolder = join(
  process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"),
  "slipway",
);

function findRoot(folder: string): string {
  // node_modules/.cache has no stacks folder, so a compiled copy keeps climbing to the checkout.
  while (!existsSync(join(folder, "infra", "toolchain")) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}
