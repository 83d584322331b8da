import type { LockedDependency } from "../artifact/dependency-lock.ts";
import type { ReleasedAgent } from "../manifests/input.ts";
import { instanceLabel } from "../manifests/labels.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { PlainMap } from "../plain-map.ts";
import type { Environment } from "../stack/environment.ts";
import { at, mapAt, mapsAt } from "./read.ts";

/** What a stack has for all its agents together. */
export interface StackSubject {
  readonly environment: Environment;
  readonly objects: readonly KubernetesObject[];
}

/** One agent of a stack, as it is rendered. */
export interface AgentSubject extends StackSubject {
  readonly agent: ReleasedAgent;
  /** The stack's own objects, such as the policy that closes its namespace. */
  readonly shared: readonly KubernetesObject[];
  /** What its objects run. */
  readonly pods: readonly Pod[];
  /** What its dependencies are locked to, when there is a lock file. */
  readonly lock?: readonly LockedDependency[];
}

/** What an object runs. */
export interface Pod {
  readonly object: KubernetesObject;
  /** Where `spec` stands in the object. */
  readonly path: string;
  readonly labels: PlainMap;
  readonly spec: PlainMap;
  readonly containers: readonly PodContainer[];
}

/** One container of a pod. */
export interface PodContainer {
  /** Where it stands in the pod's spec. */
  readonly path: string;
  /** Init containers end before the agent starts, unless they are sidecars (KEP-753). */
  readonly role: "main" | "init" | "sidecar";
  readonly container: PlainMap;
}

/** A stack's objects, those of each agent by its name and those of none. */
export function groupByAgent(objects: readonly KubernetesObject[]) {
  const groups = new Map<string | undefined, KubernetesObject[]>();
  for (const object of objects) {
    const owner = object.metadata.labels?.[instanceLabel];
    const group = groups.get(owner);
    if (group) group.push(object);
    else groups.set(owner, [object]);
  }
  return groups;
}

/** What objects run, each once. */
export function podsOf(objects: readonly KubernetesObject[]): readonly Pod[] {
  return objects.flatMap((object) => {
    const parent = podParents[object.kind];
    if (parent === undefined) return [];
    const template = parent === "" ? object : mapAt(object, parent);
    const spec = mapAt(template, "spec");
    const path = parent === "" ? "spec" : `${parent}.spec`;
    return [
      { object, path, labels: mapAt(template, "metadata.labels"), spec, containers: inside(spec) },
    ];
  });
}

/** Where the kinds that run pods have the template of one. */
const podParents: Readonly<Record<string, string>> = {
  Pod: "",
  Deployment: "spec.template",
  ReplicaSet: "spec.template",
  StatefulSet: "spec.template",
  DaemonSet: "spec.template",
  Job: "spec.template",
  CronJob: "spec.jobTemplate.spec.template",
};

function inside(spec: PlainMap): readonly PodContainer[] {
  const listed = (list: string, role: (container: PlainMap) => PodContainer["role"]) =>
    mapsAt(spec, list).map((container, index) => ({
      path: `${list}.${container.name ?? index}`,
      role: role(container),
      container,
    }));
  return [
    ...listed("initContainers", (one) =>
      at(one, "restartPolicy") === "Always" ? "sidecar" : "init",
    ),
    ...listed("containers", () => "main"),
  ];
}
