import { homedir } from "node:os";
import { join } from "node:path";

/** Set at compile time in compiled copies, which lie elsewhere: see scripts/load.mjs. */
declare const SLIPWAY_ROOT: string | undefined;

/** The checkout: the folder that holds infra, scripts and stacks. */
export const root =
  typeof SLIPWAY_ROOT === "string" ? SLIPWAY_ROOT : join(import.meta.dirname, "..", "..");

/** What this checkout keeps for itself: engine state, passphrases, locks, records. Not in git. */
export const projectFolder = join(root, ".slipway");

/** Downloads and builds, keyed by what they are made of. Safe to delete at any time. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway");

/** What this machine keeps between runs: the local cluster and how to reach it. */
export const stateFolder = join(
  process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"),
  "slipway",
);
