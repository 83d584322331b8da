import { createHash } from "node:crypto";
import type { KubernetesObject } from "../api.ts";
import { network } from "../layout.ts";
import { restrictedContainer, restrictedPod } from "./security.ts";

const labels = { "k8s-app": "kube-dns" };
const name = "coredns";
const namespace = "kube-system";

/** The port that the pod listens on: one that needs no privilege. */
const dnsPort = 8053;

/**
 * Answers names of the cluster, and NXDOMAIN to every other: nothing is asked outside, and a program
 * that asks for such a name knows at once.
 */
const corefile = `cluster.local:${dnsPort} in-addr.arpa:${dnsPort} {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa {
        ttl 30
    }
    prometheus :9153
    cache 30
    loadbalance
}
.:${dnsPort} {
    template ANY ANY . {
        rcode NXDOMAIN
    }
}
`;

/** The cluster's name server, with the objects that Kubernetes' own deployment of it has. */
export function coreDns(image: string): KubernetesObject[] {
  const metadata = { name, namespace, labels };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    ...roles(),
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: corefile } },
    service(),
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels, annotations: configuration }, spec: podSpec(image) },
      },
    },
  ];
}

function roles(): KubernetesObject[] {
  const group = "rbac.authorization.k8s.io";
  const metadata = { name: "system:coredns" };
  const verbs = ["list", "watch"];
  return [
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRole",
      metadata,
      rules: [
        { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs },
      ],
    },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: group, kind: "ClusterRole", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
}

function service(): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace, labels },
    spec: {
      selector: labels,
      clusterIP: network.dnsService,
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: dnsPort },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: dnsPort },
        { name: "metrics", port: 9153, protocol: "TCP" },
      ],
    },
  };
}

/** A new configuration makes a new pod, so that it holds at once. */
const configuration = {
  "slipway/corefile": createHash("sha256").update(corefile).digest("hex").slice(0, 8),
};

function podSpec(image: string) {
  return {
    ...restrictedPod,
    serviceAccountName: name,
    priorityClassName: "system-cluster-critical",
    dnsPolicy: "Default",
    containers: [
      {
        ...restrictedContainer,
        name,
        image,
        args: ["-conf", "/etc/coredns/Corefile"],
        ports: [
          { name: "dns", containerPort: dnsPort, protocol: "UDP" },
          { name: "dns-tcp", containerPort: dnsPort, protocol: "TCP" },
        ],
        resources: { requests: { cpu: "50m", memory: "40Mi" }, limits: { memory: "170Mi" } },
        readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
        livenessProbe: { httpGet: { path: "/health", port: 8080 }, initialDelaySeconds: 10 },
        volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
      },
    ],
    volumes: [{ name: "config", configMap: { name } }],
  };
}
