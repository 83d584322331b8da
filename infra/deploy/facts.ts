import type { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { listPath } from "../adapters/kubernetes/paths.ts";
import type {
  LiveDeployment,
  LiveEndpointSlice,
  LiveEvent,
  LivePod,
  LiveReplicaSet,
} from "../domain/rollout/facts.ts";

/** Everything in a namespace by which rollouts are judged, read once. */
export async function readFacts(client: KubernetesClient, namespace: string) {
  const list = async <T>(apiVersion: string, kind: string) =>
    (await client.get<{ items: readonly T[] }>(listPath(apiVersion, kind, namespace))).items;
  const [deployments, replicaSets, pods, events, endpointSlices] = await Promise.all([
    list<LiveDeployment>("apps/v1", "Deployment"),
    list<LiveReplicaSet>("apps/v1", "ReplicaSet"),
    list<LivePod>("v1", "Pod"),
    list<LiveEvent>("v1", "Event"),
    list<LiveEndpointSlice>("discovery.k8s.io/v1", "EndpointSlice"),
  ]);
  return { deployments, replicaSets, pods, events, endpointSlices };
}
