import type { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { objectPath } from "../adapters/kubernetes/paths.ts";
import { RefusedError } from "../domain/errors.ts";
import type { Environment } from "../domain/stack/environment.ts";
import type { LiveObject } from "./live.ts";

/**
 * Sees that a context still leads to the cluster that an environment is pinned to. A namespace
 * `kube-system` lives as long as its cluster, so its UID tells clusters apart.
 *
 * @throws {RefusedError} `wrong-cluster`
 */
export async function requireCluster(
  client: KubernetesClient,
  { name, cluster }: Environment,
): Promise<void> {
  if (cluster === "local" || cluster.uid === undefined) return;
  const metadata = { name: "kube-system" };
  const path = objectPath({ apiVersion: "v1", kind: "Namespace", metadata });
  const found = (await client.get<LiveObject>(path)).metadata.uid;
  if (found === cluster.uid) return;
  throw new RefusedError(
    "wrong-cluster",
    `${name} belongs to the cluster ${cluster.uid}, but the context ${cluster.context} leads to ${found}`,
    `kubectl config get-contexts   # then correct cluster.context of ${name} in stacks/pipeline.yaml`,
  );
}
