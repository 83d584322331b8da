import { canonicalJson } from "../canonical.ts";
import type { Environment } from "../stack/environment.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { agentMetadata } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";

const hashLength = 10;

/** Name of the ConfigMap that holds the agent's settings: another content has another name. */
export function configMapName({ name, values }: ReleasedAgent, hashes: Hashes): string {
  return hashedName(name, values.config, hashes.config);
}

/**
 * Name of the Secret that holds the agent's secrets, or undefined when the agent declares none.
 * Declared secrets that are all absent still make a Secret, so that adding one is a plain change.
 */
export function secretName(
  { name, values, secrets }: ReleasedAgent,
  hashes: Hashes,
): string | undefined {
  if (Object.keys(values.secrets).length === 0) return undefined;
  return hashedName(name, secrets, hashes.secret);
}

/** The agent's settings as environment variables. */
export function configMap(
  environment: Environment,
  agent: ReleasedAgent,
  hashes: Hashes,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: agentMetadata(environment, agent, configMapName(agent, hashes)),
    immutable: true,
    data: agent.values.config,
  };
}

/**
 * The agent's secrets as `data`, not `stringData`: the API server turns the latter into the former,
 * which would leave the live object different from the one that was applied.
 */
export function secret(
  environment: Environment,
  agent: ReleasedAgent,
  hashes: Hashes,
): KubernetesObject | undefined {
  const name = secretName(agent, hashes);
  if (name === undefined) return undefined;
  const data = Object.entries(agent.secrets).map(([key, value]) => [key, base64(value)]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: agentMetadata(environment, agent, name),
    type: "Opaque",
    immutable: true,
    // The API server drops an empty map, and takes its return for a change of an immutable Secret.
    ...(data.length > 0 && { data: Object.fromEntries(data) }),
  };
}

/** A name that another content does not have. */
export function hashedName(name: string, content: unknown, hash: (text: string) => string): string {
  return `${name}-${hash(canonicalJson(content)).slice(0, hashLength)}`;
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
