import type { KubernetesObject } from "../manifests/object.ts";
import { isPlainMap } from "../plain-map.ts";
import type { Writer } from "./managed-fields.ts";
import { lineageKey } from "./object-key.ts";

/** A part of Kubernetes and the fields that are its own to write. */
interface KnownOwner {
  readonly manager: RegExp;
  readonly path: RegExp;
}

/**
 * Fields that others are meant to write. `kubectl rollout restart` is not among them: it leaves
 * pods that no file describes.
 */
const knownOwners: readonly KnownOwner[] = [
  // Whoever writes it, it says what is, not what should be.
  { manager: /./, path: /^status(\.|$)/ },
  // The API server labels each Namespace, in the name of whoever makes it.
  { manager: /./, path: /^metadata\.labels\.kubernetes\.io\/metadata\.name$/ },
  // The autoscaler, which sets replicas through the scale subresource.
  { manager: /^kube-controller-manager$/, path: /^spec\.replicas$/ },
  {
    manager: /^kube-controller-manager$/,
    path: /^metadata\.annotations\.((deployment|pv|volume|volume\.beta)\.kubernetes\.io|endpoints\.kubernetes\.io)\//,
  },
  {
    manager: /^kube-scheduler$/,
    path: /^metadata\.annotations\.volume\.kubernetes\.io\/selected-node$/,
  },
  // Load balancers, volumes in use and ingress controllers hold an object until they have let go.
  { manager: /^(kube|cloud)-controller-manager$|-controller$/, path: /^metadata\.finalizers/ },
  // The address and node ports that a Service gets, the volume that a claim is bound to.
  { manager: /^kube-(apiserver|controller-manager)$/, path: /^spec\.(clusterIPs?|volumeName)$/ },
];

/** Whether a field is one that this writer is meant to write. */
export function isKnownOwner({ manager }: Writer, path: string): boolean {
  return knownOwners.some((known) => known.manager.test(manager) && known.path.test(path));
}

/** Objects that Kubernetes puts into every namespace. */
const everywhere = new Set(["ConfigMap kube-root-ca.crt", "ServiceAccount default"]);

/** Kinds of which only controllers make objects, some of them without saying for what. */
const controllersOwn = new Set(["Endpoints", "EndpointSlice", "Event", "Lease", "Pod"]);

/**
 * Whether an object that no file describes is none of anybody's doing: made by Kubernetes, owned by
 * another object, or earlier content that is kept for a rollback.
 */
export function isExpected(
  object: KubernetesObject,
  desired: readonly KubernetesObject[],
): boolean {
  const { kind, metadata } = object;
  if (everywhere.has(`${kind} ${metadata.name}`) || controllersOwn.has(kind)) return true;
  const { ownerReferences } = metadata as { readonly ownerReferences?: unknown };
  if (Array.isArray(ownerReferences) && ownerReferences.some(isController)) return true;
  const lineage = lineageKey(object);
  return lineage !== undefined && desired.some((other) => lineageKey(other) === lineage);
}

function isController(reference: unknown): boolean {
  return isPlainMap(reference) && reference.controller === true;
}
