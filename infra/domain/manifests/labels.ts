import type { Environment } from "../stack/environment.ts";
import type { ReleasedAgent } from "./input.ts";
import type { ObjectMetadata } from "./object.ts";

/** Label on every object: the stack that owns it. */
export const stackLabel = "slipway.dev/stack";

/** Label whose value is the agent's name, on every object of an agent and on its pods. */
export const instanceLabel = "app.kubernetes.io/instance";

/** Labels of objects that belong to the stack as a whole. */
export function stackLabels(environment: Environment): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/managed-by": "slipway", [stackLabel]: environment.name };
}

/**
 * The labels that every object of an agent carries.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function agentLabels(
  environment: Environment,
  { name, package: pkg, values }: ReleasedAgent,
): Readonly<Record<string, string>> {
  const { owner, partOf } = values.labels;
  return {
    ...selectorLabels(name),
    // A label value must not hold the + of a build number.
    "app.kubernetes.io/version": pkg.appVersion.replaceAll("+", "_"),
    "app.kubernetes.io/component": "agent",
    "app.kubernetes.io/part-of": partOf ?? name,
    ...stackLabels(environment),
    ...(owner !== undefined && { owner }),
  };
}

/**
 * The labels of a Job of the agent and of its pods. The selectors of the Deployment, the Service and
 * the budget do not match them, but the agent's NetworkPolicy does.
 */
export function jobLabels(
  environment: Environment,
  agent: ReleasedAgent,
  job: string,
): Readonly<Record<string, string>> {
  return {
    ...agentLabels(environment, agent),
    "app.kubernetes.io/name": `${agent.name}-${job}`,
    "app.kubernetes.io/component": "job",
  };
}

/** The labels that find an agent's pods. Constant: a Deployment's selector can never change. */
export function selectorLabels(name: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": name, [instanceLabel]: name };
}

/** Metadata of an object of an agent, by default under the agent's own name. */
export function agentMetadata(
  environment: Environment,
  agent: ReleasedAgent,
  name: string = agent.name,
): ObjectMetadata {
  return {
    name,
    namespace: environment.namespace,
    labels: agentLabels(environment, agent),
  };
}
