import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import type { Problem } from "../errors.ts";
import { packageProblem } from "../package/behaviour.ts";
import type { Environment } from "./environment.ts";
import type { Agent } from "./plan.ts";

type Texts = Readonly<Record<string, string>>;

/**
 * What the environment does not give to its agents: a supported version of Kubernetes, the metric
 * that they scale by, the agents that they need beside them.
 *
 * @param texts texts by path from the root of the repository
 */
export function supportProblems(
  environment: Environment,
  agents: readonly Agent[],
  texts: Texts,
): readonly Problem[] {
  return agents.flatMap((agent) => [
    ...kubernetesProblems(environment, agent, texts),
    ...metricProblems(environment, agent),
    ...dependencyProblems(environment, agent, agents, texts),
  ]);
}

function kubernetesProblems(
  { name, kubernetes }: Environment,
  { package: pkg, folder }: Agent,
  texts: Texts,
): readonly Problem[] {
  const range = pkg.kubernetes;
  const at = (message: string) => [packageProblem(folder, texts, ["kubernetes"], message)];
  if (validRange(range) === null) {
    return at(`"kubernetes" must be a range of versions such as >=1.30, found "${range}"`);
  }
  if (satisfies(`${kubernetes}.0`, range)) return [];
  return at(`"kubernetes" is ${range}, but ${name} runs ${kubernetes}`);
}

function metricProblems(
  { name, customMetrics }: Environment,
  { name: agent, values }: Agent,
): readonly Problem[] {
  if (customMetrics || values.autoscaling.signal !== "concurrency") return [];
  const message = `${agent} scales by concurrency ("autoscaling.signal"), but ${name} has no "customMetrics" in stacks/pipeline.yaml`;
  return [{ file: `stacks/${name}/${agent}/values.yaml`, message }];
}

function dependencyProblems(
  { name: stack }: Environment,
  agent: Agent,
  agents: readonly Agent[],
  texts: Texts,
): readonly Problem[] {
  return agent.package.dependencies.flatMap(({ name, version: range }, index) => {
    const at = (key: string, message: string) => [
      packageProblem(agent.folder, texts, ["dependencies", index, key], message),
    ];
    if (validRange(range) === null) {
      return at("version", `"${range}" is no range of versions such as ^1.2.0`);
    }
    const found = agents.find((candidate) => candidate.name === name);
    if (found === undefined && isThere(stack, name, texts)) return [];
    if (found === undefined) {
      const file = `stacks/${stack}/${name}/values.yaml`;
      return at("name", `${agent.name} needs ${name}, which ${stack} does not run; create ${file}`);
    }
    const version = found.release?.version ?? found.package.version;
    if (satisfies(version, range)) return [];
    return at("version", `${agent.name} needs ${name} ${range}, but ${stack} runs ${version}`);
  });
}

/** Whether a stack runs an agent, be it one whose files have problems of their own. */
function isThere(stack: string, agent: string, texts: Texts): boolean {
  const files = ["values.yaml", "release.json"];
  return files.some((file) => texts[`stacks/${stack}/${agent}/${file}`] !== undefined);
}
