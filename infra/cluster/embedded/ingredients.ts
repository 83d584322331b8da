import type { clusterTools } from "../../toolchain/manifest.ts";
import type { Credentials } from "./credentials.ts";
import type { Layout } from "./layout.ts";
import type { SystemPrograms } from "./system-programs.ts";

/** Paths of the programs that come from the toolchain. */
export type Tools = Readonly<Record<(typeof clusterTools)[number], string>>;

/** Everything that the parts are made from. */
export interface Ingredients {
  readonly paths: Layout;
  readonly tools: Tools;
  readonly system: SystemPrograms;
  readonly credentials: Credentials;
}
