import type { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { objectPath } from "../adapters/kubernetes/paths.ts";
import { readClusterUid, writeClusterUid } from "../adapters/pulumi/stack-config.ts";
import { RefusedError } from "../domain/errors.ts";
import type { Environment } from "../domain/stack/environment.ts";
import type { LiveObject } from "./live.ts";

/**
 * Sees that a context still leads to the cluster of an environment: the one that it is pinned to, or
 * else the one that it was first deployed to, which is recorded. A namespace `kube-system` lives as
 * long as its cluster, so its UID tells clusters apart. The local cluster may be made anew.
 *
 * @throws {RefusedError} `wrong-cluster`
 */
export async function requireCluster(
  client: KubernetesClient,
  { name, cluster }: Environment,
): Promise<void> {
  if (cluster === "local") return;
  const metadata = { name: "kube-system" };
  const path = objectPath({ apiVersion: "v1", kind: "Namespace", metadata });
  const found = (await client.get<LiveObject>(path)).metadata.uid;
  const own = cluster.uid ?? (await readClusterUid(name));
  if (own === undefined) return writeClusterUid(name, found);
  if (found === own) return;
  throw new RefusedError(
    "wrong-cluster",
    `${name} belongs to the cluster ${own}, but the context ${cluster.context} leads to ${found}`,
    `kubectl config get-contexts   # correct cluster.context of ${name} in stacks/pipeline.yaml; if ${name} has moved, its cluster.uid`,
  );
}
