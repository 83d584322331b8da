import type { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { objectPath } from "../adapters/kubernetes/paths.ts";
import { compareObject, type Difference } from "../domain/live/compare.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";

/** An object as the API server has it. */
export interface LiveObject extends KubernetesObject {
  readonly metadata: KubernetesObject["metadata"] & { readonly uid: string };
}

/** What one object should be, and what is there. */
export interface Compared {
  readonly desired: KubernetesObject;
  readonly live: LiveObject | undefined;
  /** Empty when every field that was set still holds. */
  readonly differences: readonly Difference[];
}

/**
 * Compares objects with those of the cluster.
 *
 * @throws {UserError} `cluster-unreachable`.
 */
export async function compareLive(
  client: KubernetesClient,
  objects: readonly KubernetesObject[],
): Promise<readonly Compared[]> {
  return Promise.all(
    objects.map(async (desired) => {
      const live = await client.find<LiveObject>(objectPath(desired));
      return { desired, live, differences: compareObject(desired, live) };
    }),
  );
}
