import type { TextHash } from "../digest.ts";
import { hashedName } from "../manifests/configuration.ts";
import { secretVersions } from "../release/release-of-agent.ts";
import type { Agent } from "../stack/plan.ts";
import type { SecretNeed } from "../values/values.ts";

/** What one agent of a stack makes of the stack's secrets. No value is in it. */
export interface AgentSecrets {
  readonly agent: string;
  /** The last part of the name that its Secret gets: another one rolls its pods. */
  readonly version?: string;
  /** In order of their keys. */
  readonly keys: readonly DeclaredSecret[];
}

/** A secret that an agent declares. */
export interface DeclaredSecret {
  readonly key: string;
  readonly need: SecretNeed;
  /** Whether it has a value; an empty one counts as none. Absent when that is not known. */
  readonly set?: boolean;
  /** Keyed digest of the value. */
  readonly version?: string;
}

/** What is known of the secrets of a stack. */
export interface KnownSecrets {
  /** Values by key. Absent when they cannot be read. */
  readonly values?: Readonly<Record<string, string>>;
  /** HMAC-SHA256 under the stack's own key, in hex. Without it there are no versions. */
  readonly keyed?: TextHash;
}

/** Tells which agent uses which secrets in which versions. Agents that declare none are left out. */
export function secretUsage(
  agents: readonly Agent[],
  { values, keyed }: KnownSecrets,
): readonly AgentSecrets[] {
  const set = values && Object.fromEntries(Object.entries(values).filter(([, text]) => text));
  const versions = set && keyed ? secretVersions(set, keyed) : {};
  return agents.flatMap(({ name, values: { secrets } }) => {
    const declared = Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
    if (declared.length === 0) return [];
    const keys = declared.map(([key, need]) => ({
      key,
      need,
      ...(set && { set: Object.hasOwn(set, key) }),
      ...(versions[key] !== undefined && { version: versions[key] }),
    }));
    const own = keys.flatMap(({ key }) => (set?.[key] ? [[key, set[key]]] : []));
    const version =
      set && keyed && hashedName(name, Object.fromEntries(own), keyed).slice(name.length + 1);
    return [{ agent: name, keys, ...(version !== undefined && { version }) }];
  });
}

/** Keys of secrets that no agent declares, with which a stack cannot be deployed. */
export function unclaimedSecrets(agents: readonly Agent[], keys: readonly string[]): string[] {
  const declared = declaredSecrets(agents);
  return keys.filter((key) => !declared.has(key));
}

/** Keys of the secrets that the agents of a stack declare. */
export function declaredSecrets(agents: readonly Agent[]): ReadonlySet<string> {
  return new Set(agents.flatMap(({ values }) => Object.keys(values.secrets)));
}
