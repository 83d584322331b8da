import { homedir } from "node:os";
import { join } from "node:path";

/** The engine's version: that of the npm package `pulumi`, so that `npx pulumi` runs the same one. */
export const pulumiVersion = "3.259.0";

/** Pulumi's own folder, for its command line and its plugins. @default ~/.pulumi */
export function pulumiHome(): string {
  return process.env.PULUMI_HOME || join(homedir(), ".pulumi");
}

/** The Pulumi command line, where its npm wrapper looks for it. */
export function enginePath(): string {
  return join(pulumiHome(), "versions", pulumiVersion, "bin", "pulumi");
}
