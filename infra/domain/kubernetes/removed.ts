/** API versions that Kubernetes no longer serves. */
interface Removal {
  readonly apiVersion: string;
  readonly kinds: readonly string[];
  /** First minor version of Kubernetes 1 that does not serve it. */
  readonly removedIn: number;
  /** What to write instead. Absent when nothing took its place. */
  readonly instead?: string;
}

/** @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/ */
const removals: readonly Removal[] = [
  of("extensions/v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"),
  of("extensions/v1beta1", "Deployment DaemonSet ReplicaSet", 16, "apps/v1"),
  of("apps/v1beta1", "Deployment StatefulSet", 16, "apps/v1"),
  of("apps/v1beta2", "Deployment StatefulSet DaemonSet ReplicaSet", 16, "apps/v1"),
  of("extensions/v1beta1", "PodSecurityPolicy", 16),
  of("extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
  of("networking.k8s.io/v1beta1", "Ingress IngressClass", 22, "networking.k8s.io/v1"),
  of(
    "rbac.authorization.k8s.io/v1beta1",
    "ClusterRole ClusterRoleBinding Role RoleBinding",
    22,
    "rbac.authorization.k8s.io/v1",
  ),
  of("scheduling.k8s.io/v1beta1", "PriorityClass", 22, "scheduling.k8s.io/v1"),
  of("coordination.k8s.io/v1beta1", "Lease", 22, "coordination.k8s.io/v1"),
  of("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 22, "apiextensions.k8s.io/v1"),
  of("apiregistration.k8s.io/v1beta1", "APIService", 22, "apiregistration.k8s.io/v1"),
  of(
    "admissionregistration.k8s.io/v1beta1",
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    22,
    "admissionregistration.k8s.io/v1",
  ),
  of("authentication.k8s.io/v1beta1", "TokenReview", 22, "authentication.k8s.io/v1"),
  of(
    "authorization.k8s.io/v1beta1",
    "LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview SelfSubjectRulesReview",
    22,
    "authorization.k8s.io/v1",
  ),
  of("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 22, "certificates.k8s.io/v1"),
  of(
    "storage.k8s.io/v1beta1",
    "CSIDriver CSINode StorageClass VolumeAttachment",
    22,
    "storage.k8s.io/v1",
  ),
  of("batch/v1beta1", "CronJob", 25, "batch/v1"),
  of("discovery.k8s.io/v1beta1", "EndpointSlice", 25, "discovery.k8s.io/v1"),
  of("events.k8s.io/v1beta1", "Event", 25, "events.k8s.io/v1"),
  of("autoscaling/v2beta1", "HorizontalPodAutoscaler", 25, "autoscaling/v2"),
  of("policy/v1beta1", "PodDisruptionBudget", 25, "policy/v1"),
  of("policy/v1beta1", "PodSecurityPolicy", 25),
  of("node.k8s.io/v1beta1", "RuntimeClass", 25, "node.k8s.io/v1"),
  of("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26, "autoscaling/v2"),
  ...flowControl("v1beta1", 26),
  of("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27, "storage.k8s.io/v1"),
  ...flowControl("v1beta2", 29),
  ...flowControl("v1beta3", 32),
];

/**
 * What is wrong with asking a minor version of Kubernetes for an API that it no longer serves, or
 * undefined when that is not known of it.
 */
export function removedApi(apiVersion: string, kind: string, minor: number): string | undefined {
  const found = removals.find(
    (removal) =>
      removal.apiVersion === apiVersion &&
      removal.kinds.includes(kind) &&
      removal.removedIn <= minor,
  );
  if (found === undefined) return undefined;
  const hint = found.instead ? `; write ${found.instead}` : ", and nothing took its place";
  return `${apiVersion} ${kind} was removed in Kubernetes 1.${found.removedIn}${hint}`;
}

function of(apiVersion: string, kinds: string, removedIn: number, instead?: string): Removal {
  return { apiVersion, kinds: kinds.split(" "), removedIn, ...(instead && { instead }) };
}

function flowControl(version: string, removedIn: number): readonly Removal[] {
  const group = "flowcontrol.apiserver.k8s.io";
  const kinds = "FlowSchema PriorityLevelConfiguration";
  return [of(`${group}/${version}`, kinds, removedIn, `${group}/v1`)];
}
