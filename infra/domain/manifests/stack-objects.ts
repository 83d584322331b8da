import type { Environment } from "../stack/environment.ts";
import { stackLabels } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";

/** The Kubernetes release whose Pod Security Standards apply, so that a cluster upgrade changes no rule. */
const podSecurityVersion = "v1.34";

/**
 * Namespace that admits only pods of the *restricted* Pod Security Standard.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function namespace(environment: Environment): KubernetesObject {
  const podSecurity = ["enforce", "audit", "warn"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, podSecurityVersion],
  ]);
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: environment.namespace,
      labels: { ...stackLabels(environment), ...Object.fromEntries(podSecurity) },
    },
  };
}

/** What all pods of the stack may use together. */
export function resourceQuota(environment: Environment): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: stackMetadata(environment, "stack-quota"),
    spec: { hard: environment.quota },
  };
}

/** What one container may use, and what it gets when it does not say. */
export function limitRange(environment: Environment): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: stackMetadata(environment, "container-limits"),
    spec: { limits: [{ type: "Container", ...environment.limitRange }] },
  };
}

/** Closes every pod of the namespace in both directions; each agent opens what it needs. */
export function defaultDeny(environment: Environment): KubernetesObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: stackMetadata(environment, "default-deny"),
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

function stackMetadata(environment: Environment, name: string) {
  return { name, namespace: environment.namespace, labels: stackLabels(environment) };
}
