/** The kinds of objects that `manifests` makes in the namespace of a stack, each with its API. */
export const namespacedKinds: Readonly<Record<string, string>> = {
  ConfigMap: "v1",
  LimitRange: "v1",
  ResourceQuota: "v1",
  Secret: "v1",
  Service: "v1",
  ServiceAccount: "v1",
  Deployment: "apps/v1",
  HorizontalPodAutoscaler: "autoscaling/v2",
  Job: "batch/v1",
  HTTPRoute: "gateway.networking.k8s.io/v1",
  Ingress: "networking.k8s.io/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  PodDisruptionBudget: "policy/v1",
};
