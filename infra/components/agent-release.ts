import * as pulumi from "@pulumi/pulumi";
import { whenAnnotation } from "../domain/manifests/job.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { AgentService } from "./agent-service.ts";
import { registerObject } from "./kubernetes-object.ts";

export interface AgentReleaseArgs {
  /** Every object of one agent, in the order in which they can be applied. */
  readonly objects: readonly KubernetesObject[];
}

/** One release of one agent: what its pods need, its Jobs before, the pods, its Jobs after. */
export class AgentRelease extends pulumi.ComponentResource {
  constructor(
    name: string,
    { objects }: AgentReleaseArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("slipway:index:AgentRelease", name, {}, options);
    const jobs = (when: string, dependsOn: pulumi.Resource[]) =>
      objects
        .filter(({ metadata }) => metadata.annotations?.[whenAnnotation] === when)
        .map((job) => registerObject(logicalName(name, job), job, { parent: this, dependsOn }));
    const needed = objects
      .filter(({ kind }) => kind !== "Job" && !served.has(kind))
      .map((object) => registerObject(logicalName(name, object), object, { parent: this }));
    const before = jobs("before", needed);
    const service = new AgentService(
      name,
      {
        objects: objects.filter(({ kind }) => served.has(kind)),
        dependsOn: [...needed, ...before],
      },
      { parent: this },
    );
    jobs("after", [service]);
    this.registerOutputs({});
  }
}

const served = new Set([
  "Service",
  "Ingress",
  "HTTPRoute",
  "Deployment",
  "PodDisruptionBudget",
  "HorizontalPodAutoscaler",
]);

/** `agent`, or `agent.part` for an object that has more to its name than a hash. */
function logicalName(agent: string, { kind, metadata }: KubernetesObject): string {
  const stable = hashed.has(kind) ? metadata.name.replace(/-[0-9a-f]{10}$/, "") : metadata.name;
  return stable.startsWith(`${agent}-`) ? `${agent}.${stable.slice(agent.length + 1)}` : agent;
}

/** Kinds whose names end in a hash of their content. */
const hashed = new Set(["ConfigMap", "Secret", "Job"]);
