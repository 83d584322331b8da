import type { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { objectPath } from "../adapters/kubernetes/paths.ts";
import { readStack } from "../adapters/read-stack.ts";
import { driftOf, isEngine } from "../domain/live/drift.ts";
import { objectKey } from "../domain/live/object-key.ts";
import { takeBack } from "../domain/live/take-back.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { connectTo, describeFiles, readLive } from "./drift.ts";
import { remove } from "./jobs.ts";
import { lockStack } from "./lock.ts";

/**
 * Undoes what others did to the objects of a stack, as far as a deployment would not: fields that
 * they added, or own, and content that nobody can change back. What they made or removed is left to
 * the deployment that has to follow, and objects that no file describes are left to them.
 *
 * @throws {RefusedError} `stack-locked`.
 * @throws {UserError} what `readStack` and `describeFiles` refuse; `cluster-unreachable`.
 */
export async function restoreFields(name: string): Promise<void> {
  const lock = await lockStack(name, "drift --fix");
  try {
    const stack = await readStack(name);
    const { objects } = await describeFiles(stack);
    await connectTo(stack, async (client) => {
      const live = new Map(
        (await readLive(client, stack)).map((object) => [objectKey(object), object]),
      );
      await Promise.all(
        objects.map((object) => restore(client, object, live.get(objectKey(object)))),
      );
    });
  } finally {
    await lock.release();
  }
}

async function restore(
  client: KubernetesClient,
  desired: KubernetesObject,
  live: KubernetesObject | undefined,
): Promise<void> {
  if (live === undefined) return;
  const found = driftOf([desired], [live]).filter(({ by }) => by === undefined || !isEngine(by));
  const path = objectPath(desired);
  if (found.some((drift) => isFixed(desired, drift.path))) {
    return remove(client, `${path}?propagationPolicy=Background`);
  }
  const taken = takeBack(
    desired,
    live,
    found.flatMap(({ by }) => by ?? []),
  );
  if (found.length === 0 || taken === undefined) return;
  const { resourceVersion } = live.metadata as { readonly resourceVersion?: string };
  // With its version, so that nobody's change in between is lost.
  await client.patch(path, "application/json-patch+json", [
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    { op: "replace", path: "/metadata/managedFields", value: taken.managedFields },
  ]);
  const manager = encodeURIComponent(taken.manager);
  const apply = `${path}?fieldManager=${manager}&force=true`;
  await client.patch(apply, "application/apply-patch+yaml", taken.object);
}

/** Whether a field is one that nobody can change back: only a new object has another one. */
function isFixed(desired: KubernetesObject, path: string | undefined): boolean {
  if (path === undefined || path.startsWith("metadata.")) return false;
  return desired.immutable === true || desired.kind === "Job";
}
