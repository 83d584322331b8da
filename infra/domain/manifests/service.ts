import type { Environment } from "../stack/environment.ts";
import type { ReleasedAgent } from "./input.ts";
import { agentMetadata, selectorLabels } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";

/** Stable address of the agent's API. The admin port is not part of it. */
export function service(environment: Environment, agent: ReleasedAgent): KubernetesObject {
  const { type, port, nodePort } = agent.values.service;
  const metadata = agentMetadata(environment, agent);
  return {
    apiVersion: "v1",
    kind: "Service",
    // kube-score takes every exposed Service for a mistake; here the stack's values ask for it.
    metadata:
      type === "ClusterIP"
        ? metadata
        : { ...metadata, annotations: { "kube-score/ignore": "service-type" } },
    spec: {
      type,
      selector: selectorLabels(agent.name),
      ports: [
        {
          name: "http",
          port,
          targetPort: "http",
          protocol: "TCP",
          appProtocol: "http",
          ...(nodePort !== undefined && { nodePort }),
        },
      ],
    },
  };
}
