import type { Environment } from "../stack/environment.ts";
import type { EgressRule, Values } from "../values/values.ts";
import type { ReleasedAgent } from "./input.ts";
import { agentMetadata, instanceLabel } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * Opens for the agent what `default-deny` closed: its API to the namespaces and addresses that the
 * values name, and to the ingress controller and the Gateway that they choose, DNS, and the declared upstreams. The kubelet's probes and its drain hook come from
 * the node, which no policy holds off.
 */
export function networkPolicy(environment: Environment, agent: ReleasedAgent): KubernetesObject {
  const { networkPolicy: declared } = agent.values;
  const { port } = agent.package.agent;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: agentMetadata(environment, agent),
    spec: {
      // Polaris finds a policy by exactly one label of the pod.
      podSelector: { matchLabels: { [instanceLabel]: agent.name } },
      policyTypes: ["Ingress", "Egress"],
      // An agent that serves nobody is reached by nobody.
      ingress:
        port === undefined
          ? []
          : [{ from: sources(agent.values), ports: [{ protocol: "TCP", port }] }],
      egress: [dns, ...declared.egress.map(upstream)],
    },
  };
}

/** Without DNS no upstream has an address, so forgetting it breaks everything at once. */
const dns = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

function sources({ networkPolicy, ingress, route }: Values): readonly unknown[] {
  const { namespaces, cidrs } = networkPolicy.ingress;
  const entrances = [ingress?.controllerNamespace ?? [], route?.gateway.namespace ?? []].flat();
  const named = [...new Set([...namespaces, ...entrances])].map((name) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  }));
  const addresses = cidrs.map((cidr) => ({ ipBlock: { cidr } }));
  return [{ podSelector: {} }, ...named, ...addresses];
}

function upstream({ cidr, except, ports }: EgressRule): unknown {
  return {
    to: [{ ipBlock: { cidr, ...(except && except.length > 0 && { except }) } }],
    ports: ports.map((port) => ({ protocol: "TCP", port })),
  };
}
