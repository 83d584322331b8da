import { canonicalJson } from "../canonical.ts";
import { UserError } from "../errors.ts";
import { refuseObjects } from "../kubernetes/check.ts";
import { completeStack } from "../manifests/complete.ts";
import type { Hashes, ManifestInput } from "../manifests/input.ts";
import { instanceLabel } from "../manifests/labels.ts";
import { manifests } from "../manifests/manifests.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { Environment } from "../stack/environment.ts";
import type { Agent, Stack } from "../stack/plan.ts";
import { didYouMean } from "../text/nearest.ts";
import { type NeededSecret, neededSecrets } from "./needed-secrets.ts";

/** What a stack is as plain objects, without any secret. */
export interface Rendering {
  readonly environment: Environment;
  /** In the order in which they can be applied. No Secret is among them. */
  readonly objects: readonly KubernetesObject[];
  /** The Secrets that have to be in the cluster before the objects. */
  readonly secrets: readonly NeededSecret[];
}

export interface RenderOptions {
  /** Only this agent's own objects. @default the whole stack */
  readonly agent?: string;
  /** Last part of the name of each agent's Secret, as the last deployment gave it. */
  readonly secretVersions: Readonly<Record<string, string>>;
  /** SHA-256 in lower-case hex. */
  readonly sha256: Hashes["config"];
}

/** Stands in a Secret's name when no deployment has said which version the stack has. */
export const unsetVersion = "unset";

/**
 * Makes the same objects as a deployment of the stack, but knows no secret: the names of Secrets are
 * those that the last deployment recorded, and the Secrets themselves are only listed.
 *
 * @throws {UserError} `unknown-agent`; `no-release` when an agent was never released to the stack;
 * `invalid-input` when an object does not fit the stack's version of Kubernetes.
 */
export function renderStack(stack: Stack, options: RenderOptions): Rendering {
  const { objects, secrets } = describeStack(stack, options);
  return {
    environment: stack.environment,
    objects: objects.filter(({ kind }) => kind !== "Secret"),
    secrets,
  };
}

/**
 * Like `renderStack`, but the agents' own Secrets are among the objects, with all that they have
 * but their data.
 */
export function describeStack(
  stack: Stack,
  options: RenderOptions,
): Omit<Rendering, "environment"> {
  const { agent, secretVersions, sha256 } = options;
  const input = withoutSecrets(agent === undefined ? stack : only(agent, stack));
  const versions = new Map(
    input.agents.map(({ name, secrets }) => [canonicalJson(secrets), secretVersions[name]]),
  );
  const objects = manifests(input, {
    config: sha256,
    secret: (text) => versions.get(text) ?? unsetVersion,
  }).filter(({ metadata }) => agent === undefined || metadata.labels[instanceLabel] === agent);
  refuseObjects(objects, stack.environment.kubernetes);
  return { objects: objects.map(withoutData), secrets: neededSecrets(objects, input) };
}

function withoutData(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Secret") return object;
  const { data: _, ...rest } = object;
  return rest;
}

function only(name: string, stack: Stack): Stack {
  const agents = stack.agents.filter((agent) => agent.name === name);
  if (agents.length > 0) return { ...stack, agents };
  const known = stack.agents.map((agent) => agent.name);
  throw new UserError(
    "unknown-agent",
    `${stack.environment.name} has no agent "${name}"${didYouMean(name, known)}`,
    `choose one of: ${known.join(", ")}`,
  );
}

/** In place of each secret stands the name of the agent, so that the content says whose it is. */
function withoutSecrets(stack: Stack): ManifestInput {
  const declared = ({ values }: Agent) => Object.keys(values.secrets);
  const keys = stack.agents.flatMap(declared);
  const input = completeStack(stack, Object.fromEntries(keys.map((key) => [key, "unknown"])));
  return {
    ...input,
    agents: input.agents.map((agent) => ({
      ...agent,
      secrets: Object.fromEntries(Object.keys(agent.secrets).map((key) => [key, agent.name])),
    })),
  };
}
