import { whenAnnotation } from "../manifests/job.ts";
import type { KubernetesObject } from "../manifests/object.ts";

/** Objects that have to be applied, and well, before those of the next stage. */
export interface Stage {
  readonly name: "base" | "before" | "main" | "after";
  /** Never empty. */
  readonly objects: readonly KubernetesObject[];
}

/** What pods, and so Jobs before the release too, cannot start without. */
const baseKinds = new Set(["ServiceAccount", "ConfigMap", "NetworkPolicy"]);

/** The stages of one agent, in their order. An agent without Jobs has no need of more than one. */
export function stagesOf(objects: readonly KubernetesObject[]): readonly Stage[] {
  if (objects.length === 0) return [];
  if (!objects.some(isJob)) return [{ name: "main", objects }];
  const stages = (["base", "before", "main", "after"] as const).map((name) => ({
    name,
    objects: objects.filter((object) => stageOf(object) === name),
  }));
  return stages.filter((stage) => stage.objects.length > 0);
}

function stageOf(object: KubernetesObject): Stage["name"] {
  if (isJob(object))
    return object.metadata.annotations?.[whenAnnotation] === "before" ? "before" : "after";
  return baseKinds.has(object.kind) ? "base" : "main";
}

function isJob({ kind }: KubernetesObject): boolean {
  return kind === "Job";
}
