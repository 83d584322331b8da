import type { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { listPath, objectPath } from "../adapters/kubernetes/paths.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { remove } from "./jobs.ts";
import type { DeployPlan } from "./plan.ts";
import type { RolloutWatch } from "./rollout.ts";

/**
 * Removes the ConfigMaps and Secrets of earlier releases that no ReplicaSet names any more. Those
 * that one still names stay: a rollback would start pods that mount them.
 */
export async function removeUnusedConfiguration(
  client: KubernetesClient,
  { environment, objects }: DeployPlan,
  watch: RolloutWatch,
): Promise<void> {
  const wanted = new Set(objects.map(objectPath));
  const selector = encodeURIComponent(
    `app.kubernetes.io/managed-by=slipway,slipway.dev/stack=${environment.name}`,
  );
  for (const kind of ["ConfigMap", "Secret"]) {
    const path = listPath("v1", kind, environment.namespace);
    const { items } = await client.get<{ items: readonly KubernetesObject[] }>(
      `${path}?labelSelector=${selector}`,
    );
    for (const { metadata } of items) {
      const unused = !wanted.has(`${path}/${metadata.name}`) && !watch.isUsed(metadata.name);
      if (unused) await remove(client, `${path}/${metadata.name}`);
    }
  }
}
