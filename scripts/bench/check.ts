import type { KubernetesClient } from "../../infra/adapters/kubernetes/client.ts";
import { compareLive } from "../../infra/deploy/live.ts";
import type { KubernetesObject } from "../../infra/domain/manifests/object.ts";
import type { LiveDeployment } from "../../infra/domain/rollout/facts.ts";

/**
 * Refuses a sample whose tool did not do the whole work: every object holds every field that was
 * set, and the Deployment's pods are the new ones and available.
 *
 * @throws {Error} that names the first difference.
 */
export async function checkLive(client: KubernetesClient, objects: readonly KubernetesObject[]) {
  for (const { desired, live, differences } of await compareLive(client, objects)) {
    const difference = differences.find(({ path }) => path !== ownerLabel);
    const name = `${desired.kind} ${desired.metadata.name}`;
    if (difference) throw new Error(`left ${name} different at "${difference.path}"`);
    if (desired.kind === "Deployment" && !isRolledOut(live as unknown as LiveDeployment)) {
      throw new Error(`ended before the rollout of ${name} did`);
    }
  }
}

/** Refuses the sample of a preview that does not name what would change. @throws {Error} */
export function checkPreview(output: string): void {
  if (!output.includes("Deployment")) throw new Error("did not name the Deployment");
}

/** helm writes its own name there, whatever the chart says. */
const ownerLabel = "metadata.labels.app.kubernetes.io/managed-by";

function isRolledOut({ metadata, status }: LiveDeployment): boolean {
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.availableReplicas ?? 0) > 0 &&
    status?.replicas === status?.updatedReplicas
  );
}
