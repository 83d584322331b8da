import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { AgentService } from "./agent-service.ts";
import { registerObject } from "./kubernetes-object.ts";

export interface AgentReleaseArgs {
  /** Every object of one agent, in the order in which they can be applied. */
  readonly objects: readonly KubernetesObject[];
}

/** One release of one agent: what its pods need, then the pods themselves. */
export class AgentRelease extends pulumi.ComponentResource {
  constructor(
    name: string,
    { objects }: AgentReleaseArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("slipway:index:AgentRelease", name, {}, options);
    const needed = objects
      .filter(({ kind }) => !served.has(kind))
      .map((object) => registerObject(name, object, { parent: this }));
    const service = objects.filter(({ kind }) => served.has(kind));
    new AgentService(name, { objects: service, dependsOn: needed }, { parent: this });
    this.registerOutputs({});
  }
}

const served = new Set(["Service", "Deployment", "PodDisruptionBudget", "HorizontalPodAutoscaler"]);
