import type { Environment } from "../stack/environment.ts";
import type { IngressValues, RouteValues } from "../values/values.ts";
import type { ReleasedAgent } from "./input.ts";
import { agentMetadata } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";

/** Lets the world reach the agent through an ingress controller, by TLS. */
export function ingress(
  environment: Environment,
  agent: ReleasedAgent,
  { host, path = "/", className, tlsSecret, annotations = {} }: IngressValues,
): KubernetesObject {
  const metadata = agentMetadata(environment, agent);
  const backend = { service: { name: agent.name, port: { name: "http" } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata,
    spec: {
      ...(className !== undefined && { ingressClassName: className }),
      tls: [{ hosts: [host], secretName: tlsSecret }],
      rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
    },
  };
}

/**
 * Attaches the agent to a listener of a Gateway, which ends TLS.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/httproute/
 */
export function httpRoute(
  environment: Environment,
  agent: ReleasedAgent,
  { hosts, path = "/", gateway }: RouteValues,
): KubernetesObject {
  const { name, namespace, listener } = gateway;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: agentMetadata(environment, agent),
    spec: {
      parentRefs: [{ name, namespace, sectionName: listener }],
      hostnames: hosts,
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: path } }],
          backendRefs: [{ name: agent.name, port: agent.values.service.port }],
        },
      ],
    },
  };
}
