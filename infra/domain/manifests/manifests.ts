import type { Environment } from "../stack/environment.ts";
import { configMap, secret } from "./configuration.ts";
import { deployment } from "./deployment.ts";
import { serviceAccount } from "./identity.ts";
import type { Hashes, ManifestInput, ReleasedAgent } from "./input.ts";
import { networkPolicy } from "./network-policy.ts";
import type { KubernetesObject } from "./object.ts";
import { horizontalPodAutoscaler, podDisruptionBudget } from "./scaling.ts";
import { service } from "./service.ts";
import { defaultDeny, limitRange, namespace, resourceQuota } from "./stack-objects.ts";

/**
 * Every Kubernetes object of a stack, in the order in which they can be applied. The same input
 * gives the same objects. The Secrets among them hold their values.
 */
export function manifests(
  { environment, agents }: ManifestInput,
  hashes: Hashes,
): readonly KubernetesObject[] {
  return [
    namespace(environment),
    resourceQuota(environment),
    limitRange(environment),
    defaultDeny(environment),
    ...agents.flatMap((agent) => agentObjects(environment, agent, hashes)),
  ];
}

function agentObjects(
  environment: Environment,
  agent: ReleasedAgent,
  hashes: Hashes,
): readonly KubernetesObject[] {
  return [
    serviceAccount(environment, agent),
    configMap(environment, agent, hashes),
    secret(environment, agent, hashes) ?? [],
    networkPolicy(environment, agent),
    agent.package.agent.port === undefined ? [] : service(environment, agent),
    deployment(environment, agent, hashes),
    podDisruptionBudget(environment, agent),
    horizontalPodAutoscaler(environment, agent),
  ].flat();
}
