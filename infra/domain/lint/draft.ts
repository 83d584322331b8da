import { completeStack } from "../manifests/complete.ts";
import type { Hashes, ManifestInput } from "../manifests/input.ts";
import { manifests } from "../manifests/manifests.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { ReleasedImage } from "../release/release.ts";
import type { Agent, Stack } from "../stack/plan.ts";

/** A stack as it would be rendered if what is not known yet were known. */
export interface Draft extends ManifestInput {
  readonly objects: readonly KubernetesObject[];
  /** Agents without a release to the stack; a stand-in has the place of their image. */
  readonly unreleased: readonly string[];
}

/** The top-level domain that never exists (RFC 2606). */
const standInRegistry = "registry.invalid";

const standInDigest = `sha256:${"0".repeat(64)}`;

/**
 * Renders a stack before anything was built and without its secrets, so that its objects can be
 * judged while they are reviewed. Secrets hold a stand-in too.
 *
 * @param sha256 in lower-case hex
 */
export function draft(stack: Stack, sha256: Hashes["config"]): Draft {
  const agents = stack.agents.map((agent) => ({ release: standIn(agent), ...agent }));
  const keys = agents.flatMap(({ values }) => Object.keys(values.secrets));
  const secrets = Object.fromEntries(keys.map((key) => [key, "stand-in"]));
  const input = completeStack({ ...stack, agents }, secrets);
  return {
    ...input,
    objects: manifests(input, { config: sha256, secret: sha256 }),
    unreleased: stack.agents.filter(({ release }) => !release).map(({ name }) => name),
  };
}

function standIn({ name, package: { version } }: Agent): ReleasedImage {
  return { version, image: `${standInRegistry}/${name}@${standInDigest}` };
}
