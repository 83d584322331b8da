import { behaviourFolder } from "../package/environment.ts";
import { sortedEntries } from "../plain-map.ts";
import type { Environment } from "../stack/environment.ts";
import { hashedName } from "./configuration.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { agentMetadata } from "./labels.ts";
import type { KubernetesObject } from "./object.ts";

/** Name of the ConfigMap that holds the agent's files, or undefined when it has none. */
export function filesName(agent: ReleasedAgent, hashes: Hashes): string | undefined {
  const texts = textsByPath(agent);
  if (Object.keys(texts).length === 0) return undefined;
  return hashedName(`${agent.name}-files`, texts, hashes.config);
}

/** The files of the values and the prompts, model and tools of the package, in one ConfigMap. */
export function filesConfigMap(
  environment: Environment,
  agent: ReleasedAgent,
  hashes: Hashes,
): KubernetesObject | undefined {
  const name = filesName(agent, hashes);
  if (name === undefined) return undefined;
  const data = Object.entries(textsByPath(agent)).map(([path, text]) => [keyOf(path), text]);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: agentMetadata(environment, agent, name),
    immutable: true,
    data: Object.fromEntries(data),
  };
}

/** The volume in which every file lies below the path that it has in the container. */
export function filesVolume(agent: ReleasedAgent, hashes: Hashes): readonly unknown[] {
  const name = filesName(agent, hashes);
  if (name === undefined) return [];
  const items = Object.keys(textsByPath(agent)).map((path) => ({
    key: keyOf(path),
    path: path.slice(1),
  }));
  return [{ name: "files", configMap: { name, defaultMode: 0o444, items } }];
}

/**
 * The folder of the package's files as a whole, and each file of the values by itself, so that what
 * the image has beside it stays visible. A mount by `subPath` never changes while the pod lives,
 * and neither does the ConfigMap.
 */
export function fileMounts({ values, behaviour }: ReleasedAgent): readonly unknown[] {
  const folder = Object.keys(behaviour).length > 0 ? [behaviourFolder] : [];
  return [...folder, ...Object.keys(values.files).sort()].map((mountPath) => ({
    name: "files",
    mountPath,
    subPath: mountPath.slice(1),
    readOnly: true,
  }));
}

function textsByPath({ values, behaviour }: ReleasedAgent): Readonly<Record<string, string>> {
  const own = Object.entries(behaviour).map(([path, text]) => [`${behaviourFolder}/${path}`, text]);
  return Object.fromEntries(sortedEntries({ ...Object.fromEntries(own), ...values.files }));
}

/** A ConfigMap's key has no slash: `__` stands for it, and `_.` for `_`, so that no two paths meet. */
function keyOf(path: string): string {
  return path.slice(1).replaceAll("_", "_.").replaceAll("/", "__");
}
