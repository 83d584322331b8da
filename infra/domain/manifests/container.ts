import { contractEnvironment } from "../package/environment.ts";
import { configMapName } from "./configuration.ts";
import { confinement } from "./hardening.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { probes } from "./probes.ts";
import { plainVariables, secretVariables } from "./variables.ts";
import { mounts } from "./volumes.ts";

/** Name of the agent's own container in its pods. */
export const agentContainer = "agent";

/** The agent's container: nothing writable but `/tmp`, no privilege, secrets as files. */
export function container(agent: ReleasedAgent, hashes: Hashes) {
  const { resources } = agent.values;
  const { port, drain } = agent.package.agent;
  return {
    name: agentContainer,
    image: agent.release.image,
    imagePullPolicy: "IfNotPresent",
    ports: [
      ...(port === undefined ? [] : [{ name: "http", containerPort: port, protocol: "TCP" }]),
      ...(drain ? [{ name: "admin", containerPort: drain.port, protocol: "TCP" }] : []),
    ],
    envFrom: [{ configMapRef: { name: configMapName(agent, hashes) } }],
    env: [
      ...plainVariables(contractEnvironment(agent.package.agent)),
      ...secretVariables(agent, hashes),
    ],
    resources: { requests: resources.requests, limits: resources.limits },
    ...probes(agent),
    // The hook blocks until no new request comes, so the process gets SIGTERM only when every
    // proxy has learnt that the pod is going.
    ...(drain && {
      lifecycle: { preStop: { httpGet: { path: drain.path, port: "admin", scheme: "HTTP" } } },
    }),
    ...confinement,
    volumeMounts: mounts(agent, true),
  };
}
