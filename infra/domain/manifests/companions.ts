import { sortedEntries } from "../plain-map.ts";
import { type Companion, companionResources, type Sidecar } from "../values/values.ts";
import { configMapName } from "./configuration.ts";
import { confinement } from "./hardening.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { plainVariables, secretVariables } from "./variables.ts";
import { mounts } from "./volumes.ts";

/**
 * What starts before the agent, in this order: sidecars, so that a proxy is there for all that
 * follow, then the init containers one after another. Each group in the order of its names.
 *
 * The secrets go to the agent's own image alone: what another image needs of them is not its code
 * to decide.
 */
export function initContainers(agent: ReleasedAgent, hashes: Hashes): readonly object[] {
  const { sidecars, initContainers: inits } = agent.values;
  const startupBudget = agent.package.agent.startupBudgetSeconds;
  const isOwn = ({ image }: Companion) => image === undefined;
  return [
    ...sortedEntries(sidecars).map(([name, sidecar]) => ({
      ...companion(agent, hashes, name, sidecar, isOwn(sidecar)),
      ...started(sidecar, startupBudget),
      // What makes an init container a sidecar: Kubernetes 1.29 (KEP-753).
      restartPolicy: "Always",
    })),
    ...sortedEntries(inits).map(([name, init]) =>
      companion(agent, hashes, name, init, isOwn(init)),
    ),
  ];
}

/** A container beside the agent's own, with its user, its locks and its volumes. */
export function companion(
  agent: ReleasedAgent,
  hashes: Hashes,
  name: string,
  { image, command, args, config = {}, resources = companionResources }: Companion,
  withSecrets: boolean,
): object {
  return {
    name,
    image: image ?? agent.release.image,
    imagePullPolicy: "IfNotPresent",
    ...(command && { command }),
    ...(args && { args }),
    envFrom: [{ configMapRef: { name: configMapName(agent, hashes) } }],
    env: [...(withSecrets ? secretVariables(agent, hashes) : []), ...plainVariables(config)],
    resources,
    ...confinement,
    volumeMounts: mounts(agent, withSecrets),
  };
}

function started({ port }: Sidecar, startupBudgetSeconds: number) {
  if (port === undefined) return {};
  return {
    ports: [{ containerPort: port, protocol: "TCP" }],
    startupProbe: {
      tcpSocket: { port },
      periodSeconds: 1,
      timeoutSeconds: 1,
      failureThreshold: startupBudgetSeconds,
    },
  };
}
