import { canonicalJson } from "../canonical.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { valueAt } from "../plain-path.ts";

/**
 * Fields that the API server refuses to change, by kind: an object in which one differs has to be
 * deleted and made again.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
const immutableFields: Readonly<Record<string, readonly string[]>> = {
  DaemonSet: ["spec.selector"],
  Deployment: ["spec.selector"],
  Job: ["spec.selector", "spec.template", "spec.completionMode"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.storageClassName", "spec.volumeName"],
  RoleBinding: ["roleRef"],
  Secret: ["type"],
  Service: ["spec.clusterIP"],
  StatefulSet: [
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
    "spec.podManagementPolicy",
  ],
};

/** The fields by which an object would have to be replaced. */
export function replacedFields(
  before: KubernetesObject,
  after: KubernetesObject,
): readonly string[] {
  const content = before.immutable === true ? ["data", "binaryData", "immutable"] : [];
  return [...(immutableFields[before.kind] ?? []), ...content].filter((field) => {
    const [one, other] = [before, after].map((object) => valueAt(object, field.split(".")));
    return canonicalJson([one]) !== canonicalJson([other]);
  });
}
