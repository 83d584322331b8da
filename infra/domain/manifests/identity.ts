import type { Environment } from "../stack/environment.ts";
import type { ReleasedAgent } from "./input.ts";
import { agentMetadata } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";

/** The agent's own identity. It has no token and no role: an agent does not talk to the API server. */
export function serviceAccount(environment: Environment, agent: ReleasedAgent): KubernetesObject {
  const { annotations } = agent.values.serviceAccount;
  const metadata = agentMetadata(environment, agent);
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata,
    automountServiceAccountToken: false,
  };
}
