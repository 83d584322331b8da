import type { Package } from "../package/package.ts";
import type { ReleasedImage } from "../release/release.ts";
import type { Environment } from "../stack/environment.ts";
import type { Values } from "../values/values.ts";

/** Everything that the objects of one stack are made from. */
export interface ManifestInput {
  readonly environment: Environment;
  readonly agents: readonly ReleasedAgent[];
}

/** One agent with nothing left open. */
export interface ReleasedAgent {
  readonly name: string;
  readonly package: Package;
  readonly values: Values;
  readonly release: ReleasedImage;
  /** The prompts, model and tools of the package: texts by their path in the package's folder. */
  readonly behaviour: Readonly<Record<string, string>>;
  /** The agent's own secrets, in clear text, by key. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Digests that name ConfigMaps and Secrets by their content. Each gives lower-case hex. */
export interface Hashes {
  /** SHA-256. */
  readonly config: (text: string) => string;
  /**
   * HMAC-SHA256 under the stack's own key. A plain hash of a short secret could be looked up in a
   * dictionary by anyone who may list object names.
   */
  readonly secret: (text: string) => string;
}
