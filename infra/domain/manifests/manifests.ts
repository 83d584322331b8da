import type { Environment } from "../stack/environment.ts";
import { configMap, secret } from "./configuration.ts";
import { deployment } from "./deployment.ts";
import { httpRoute, ingress } from "./exposure.ts";
import { filesConfigMap } from "./files.ts";
import { serviceAccount } from "./identity.ts";
import type { Hashes, ManifestInput, ReleasedAgent } from "./input.ts";
import { jobs, nameJob, whenAnnotation } from "./job.ts";
import { networkPolicy } from "./network-policy.ts";
import type { KubernetesObject } from "./object.ts";
import { applyPatches } from "./patch.ts";
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
  const unpatched = unpatchedObjects(environment, agent, hashes);
  return applyPatches(unpatched, agent.values.patches).map((object) => nameJob(object, hashes));
}

/** The objects of one agent before its patches, and before its Jobs have their final names. */
export function unpatchedObjects(
  environment: Environment,
  agent: ReleasedAgent,
  hashes: Hashes,
): readonly KubernetesObject[] {
  const all = jobs(environment, agent, hashes);
  const isBefore = ({ metadata }: KubernetesObject) =>
    metadata.annotations?.[whenAnnotation] === "before";
  return [
    serviceAccount(environment, agent),
    configMap(environment, agent, hashes),
    filesConfigMap(environment, agent, hashes) ?? [],
    secret(environment, agent, hashes) ?? [],
    networkPolicy(environment, agent),
    all.filter(isBefore),
    entrance(environment, agent),
    deployment(environment, agent, hashes),
    podDisruptionBudget(environment, agent),
    horizontalPodAutoscaler(environment, agent),
    all.filter((job) => !isBefore(job)),
  ].flat();
}

/** How the agent is reached; an agent without a port is not. */
function entrance(environment: Environment, agent: ReleasedAgent): readonly KubernetesObject[] {
  const { values, package: pkg } = agent;
  if (pkg.agent.port === undefined) return [];
  return [
    service(environment, agent),
    values.ingress ? ingress(environment, agent, values.ingress) : [],
    values.route ? httpRoute(environment, agent, values.route) : [],
  ].flat();
}
