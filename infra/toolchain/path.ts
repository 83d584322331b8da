import { realpath } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { plainEnvironment, run } from "../adapters/process.ts";
import { isExecutable } from "../adapters/programs.ts";
import { manifest, type ToolName } from "./manifest.ts";

/** The tool from PATH, when one is there whose version fits the pinned one. */
export async function toolOnPath(name: ToolName): Promise<string | undefined> {
  const { version, versionArgs } = manifest[name];
  if (!versionArgs) return undefined;
  for (const path of await candidates(name)) {
    const found = await versionOf(path, versionArgs);
    if (found && fits(name, found, version)) return path;
  }
  return undefined;
}

/**
 * kubectl may be one minor version away from the API server
 * (https://kubernetes.io/releases/version-skew-policy/#kubectl); everything else is exactly the
 * version that the rest was tested with.
 */
export function fits(name: ToolName, found: string, pinned: string): boolean {
  if (name !== "kubectl") return found === pinned;
  const [major, minor] = pinned.split(".").map(Number);
  const [foundMajor, foundMinor] = found.split(".").map(Number);
  return major === foundMajor && Math.abs((minor ?? 0) - (foundMinor ?? 0)) <= 1;
}

async function candidates(name: string): Promise<string[]> {
  const found = [];
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    const path = join(folder, name);
    if (!(await isExecutable(path))) continue;
    // node_modules/.bin/pulumi is the npm wrapper around the very program that is looked for.
    if (!(await realpath(path)).includes("node_modules")) found.push(path);
  }
  return found;
}

async function versionOf(path: string, args: readonly string[]): Promise<string | undefined> {
  try {
    // Pulumi would look for a newer version of itself first, however long that takes off line.
    const env = plainEnvironment({ PULUMI_SKIP_UPDATE_CHECK: "true" });
    const { stdout } = await run(path, args, { env, timeoutMs: 10_000 });
    return /\bv?(\d+\.\d+\.\d+)\b/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
