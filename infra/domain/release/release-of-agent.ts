import { canonicalJson } from "../canonical.ts";
import { digestOf, type TextHash } from "../digest.ts";
import type { Agent } from "../stack/plan.ts";
import type { UnsealedRelease } from "./release.ts";

/** The part of an agent that its release describes. */
export type Describable = Pick<Agent, "name" | "package" | "values" | "behaviour">;

/** What is known of an image that was built. */
export interface BuildFacts {
  /** `repository@sha256:<64 hex>`. */
  readonly image: string;
  readonly platformDigest: string;
  /** Commit of the sources. @default they were not committed */
  readonly commit?: string;
}

/** The release of an agent as its files are now, with an image that was built from them. */
export function releaseOfAgent(
  agent: Describable,
  build: BuildFacts,
  sha256: TextHash,
): UnsealedRelease {
  const { package: pkg, values, behaviour } = agent;
  const { prompts, model, tools } = pkg;
  const own = Object.entries(behaviour).filter(([path]) => path.startsWith(`${prompts}/`));
  return {
    package: agent.name,
    version: pkg.version,
    packageDigest: digestOf(pkg, sha256),
    ...build,
    ...(prompts !== undefined && { prompts: digestOf(Object.fromEntries(own), sha256) }),
    ...(model !== undefined && { model: digestOf(behaviour[model], sha256) }),
    ...(tools !== undefined && { tools: digestOf(behaviour[tools], sha256) }),
    config: digestOf(values, sha256),
    secrets: {},
  };
}

/**
 * Versions of secrets by key, by which a change can be told and nothing else.
 *
 * @param keyed HMAC-SHA256 under the stack's own key, in hex.
 */
export function secretVersions(
  secrets: Readonly<Record<string, string>>,
  keyed: TextHash,
): Readonly<Record<string, string>> {
  // With its key in it, equal values of two secrets look different.
  const version = (entry: readonly [string, string]) => keyed(canonicalJson(entry)).slice(0, 16);
  return Object.fromEntries(Object.entries(secrets).map((entry) => [entry[0], version(entry)]));
}
