import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../domain/manifests/object.ts";

/** The resource class of each kind that the manifests hold. */
const resources = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  LimitRange,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
};

type Registered = InstanceType<(typeof resources)[keyof typeof resources]> | CustomResource;

/**
 * Registers a Kubernetes object as it is. What is registered here is what `manifests` made: nothing
 * is decided, and only what the engine itself needs is added.
 *
 * @param name logical name. It never changes with the content, so that a new ConfigMap replaces the
 * old one in the state and the Deployment is seen to depend on it.
 */
export function registerObject(
  name: string,
  object: KubernetesObject,
  options: pulumi.CustomResourceOptions,
): Registered {
  const Resource = (resources[object.kind as keyof typeof resources] ?? CustomResource) as new (
    name: string,
    args: object,
    options: pulumi.CustomResourceOptions,
  ) => Registered;
  return new Resource(name, forEngine(object), { ...options, ...optionsFor(object) });
}

function forEngine(object: KubernetesObject): KubernetesObject {
  const annotations = {
    ...object.metadata.annotations,
    "pulumi.com/patchFieldManager": fieldManager,
    ...(notAwaited.has(object.kind) && { "pulumi.com/skipAwait": "true" }),
  };
  const metadata = { ...object.metadata, annotations };
  if (object.kind !== "Secret" || !object.data) return { ...object, metadata };
  return { ...object, metadata, data: pulumi.secret(object.data) };
}

/**
 * By default the provider makes up another name for each object that it creates. An object whose
 * creation was killed before the state knew of it would belong to a name that nobody has any more, and
 * a later change of it would be a conflict.
 */
const fieldManager = "pulumi-kubernetes-slipway";

/**
 * The provider's own wait for a Service sleeps ten seconds after its last endpoint changed: the
 * endpoints are followed by the rollout watcher instead, and the Deployment is waited for. For the
 * address of an Ingress or a route it would wait ten minutes, and where something else gives it,
 * for nothing.
 */
const notAwaited = new Set(["Service", "Ingress", "HTTPRoute"]);

function optionsFor({ kind, spec }: KubernetesObject): pulumi.CustomResourceOptions {
  switch (kind) {
    case "ConfigMap":
    case "Secret":
      // Pods of the ReplicaSets that a rollback would return to still mount the old ones.
      return { retainOnDelete: true };
    case "Deployment":
      return { ignoreChanges: ["spec.replicas"], customTimeouts: rolloutTimeouts(spec) };
    case "Job":
      // A release that returns to an earlier one returns to the name of its Job. Created first, that
      // Job would be the old one, and be deleted as such.
      return { deleteBeforeReplace: true, customTimeouts: jobTimeouts(spec) };
    default:
      return {};
  }
}

/** A little longer than the Job's own deadline, so that the Job says itself that it is over. */
function jobTimeouts(spec: unknown): pulumi.CustomTimeouts {
  const limit = `${(spec as { activeDeadlineSeconds: number }).activeDeadlineSeconds + 15}s`;
  return { create: limit, update: limit };
}

/** The provider only warns when the progress deadline has passed, and would wait its ten minutes out. */
function rolloutTimeouts(spec: unknown): pulumi.CustomTimeouts {
  const { progressDeadlineSeconds = 600 } = spec as { progressDeadlineSeconds?: number };
  const limit = `${progressDeadlineSeconds + 15}s`;
  return { create: limit, update: limit };
}
