import { instanceLabel } from "../manifests/labels.ts";
import type { KubernetesObject } from "../manifests/object.ts";

/** The last part of the name of each agent's own Secret among the objects, by agent. */
export function secretVersions(
  objects: readonly KubernetesObject[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    objects
      .filter(({ kind }) => kind === "Secret")
      .map(({ metadata }) => {
        const agent = metadata.labels[instanceLabel] ?? "";
        return [agent, metadata.name.slice(agent.length + 1)];
      }),
  );
}
