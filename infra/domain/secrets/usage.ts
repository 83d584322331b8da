import { hashedName } from "../manifests/configuration.ts";
import { secretVersions } from "../release/release-of-agent.ts";
import type { Agent } from "../stack/plan.ts";
import type { SecretNeed } from "../values/values.ts";

/** What one agent of a stack makes of the stack's secrets. No value is in it. */
export interface AgentSecrets {
  readonly agent: string;
  /** The last part of the name that its Secret gets: another one rolls its pods. */
  readonly version: string;
  readonly keys: readonly DeclaredSecret[];
}

/** A secret that an agent declares. */
export interface DeclaredSecret {
  readonly key: string;
  readonly need: SecretNeed;
  /** Keyed digest of the value. Absent when there is none; an empty one counts as none. */
  readonly version?: string;
}

/**
 * Tells which agent uses which secrets in which versions; agents that declare none are left out.
 *
 * @param keyed HMAC-SHA256 under the stack's own key, in hex.
 */
export function secretUsage(
  agents: readonly Agent[],
  secrets: Readonly<Record<string, string>>,
  keyed: (text: string) => string,
): readonly AgentSecrets[] {
  const set = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ""));
  const versions = secretVersions(set, keyed);
  return agents.flatMap(({ name, values }) => {
    const declared = Object.entries(values.secrets).sort(([a], [b]) => (a < b ? -1 : 1));
    if (declared.length === 0) return [];
    const own = declared.flatMap(([key]) => (key in set ? [[key, set[key]]] : []));
    const secret = hashedName(name, Object.fromEntries(own), keyed);
    const keys = declared.map(([key, need]) => {
      const version = versions[key];
      return { key, need, ...(version !== undefined && { version }) };
    });
    return [{ agent: name, version: secret.slice(name.length + 1), keys }];
  });
}
