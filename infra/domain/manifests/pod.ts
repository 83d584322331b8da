import { podSecurity } from "./hardening.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { volumes } from "./volumes.ts";

/** What the pods of an agent and of its Jobs do not have in common. */
export interface PodParts {
  readonly restartPolicy: "Always" | "Never";
  /** @default 30 */
  readonly terminationGracePeriodSeconds?: number;
  /** Where its pods should run. @default anywhere */
  readonly placement?: object;
  /** @default none */
  readonly initContainers?: readonly object[];
  readonly container: object;
}

/** The specification of a pod that runs as the agent: its identity, its locks, its volumes. */
export function podSpec(agent: ReleasedAgent, hashes: Hashes, parts: PodParts) {
  const { restartPolicy, terminationGracePeriodSeconds = 30, placement } = parts;
  const { initContainers = [], container } = parts;
  const { imagePullSecrets } = agent.values;
  return {
    serviceAccountName: agent.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy,
    terminationGracePeriodSeconds,
    securityContext: podSecurity,
    // Names of model hosts have two dots or more: look them up as they are, not in the
    // cluster's five search domains first.
    dnsConfig: { options: [{ name: "ndots", value: "2" }] },
    ...placement,
    ...(imagePullSecrets.length > 0 && {
      imagePullSecrets: imagePullSecrets.map((name) => ({ name })),
    }),
    ...(initContainers.length > 0 && { initContainers }),
    containers: [container],
    volumes: volumes(agent, hashes),
  };
}
