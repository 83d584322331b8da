import { Resolver } from "node:dns/promises";
import type { Api, KubernetesObject } from "../api.ts";
import type { Credentials } from "../credentials.ts";
import type { Images } from "../images.ts";
import { network } from "../layout.ts";
import { coreDns } from "./coredns.ts";
import { metricsServer } from "./metrics-server.ts";

/** Puts name service and metrics on the cluster, and repairs what was changed of them. */
export async function applyAddons(
  api: Api,
  images: Images,
  credentials: Credentials,
): Promise<void> {
  const objects = [
    apiServerMayUseKubelet,
    ...coreDns(images.coredns),
    ...metricsServer(
      images["metrics-server"],
      credentials["metrics-server"],
      credentials["cluster-ca"].certificate,
    ),
  ];
  await Promise.all(objects.map((object) => api.apply(object)));
}

/** Without it the API server's own certificate would need the rights of an administrator. */
const apiServerMayUseKubelet: KubernetesObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "slipway:kube-apiserver-to-kubelet" },
  roleRef: {
    apiGroup: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: "system:kubelet-api-admin",
  },
  subjects: [
    { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "kube-apiserver-kubelet-client" },
  ],
};

/**
 * Resolves when the name server answers, which takes kube-proxy, the pod's network and CoreDNS; it
 * rejects when it does not within half a second.
 */
export async function resolvesNames(): Promise<void> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([network.dnsService]);
  await resolver.resolve4("kubernetes.default.svc.cluster.local");
}

/** Resolves when the metrics API answers. */
export async function servesMetrics(api: Api): Promise<void> {
  await api.get("/apis/metrics.k8s.io/v1beta1/nodes");
}
