import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { registerObject } from "./kubernetes-object.ts";

export interface AgentServiceArgs {
  /** The Deployment of one agent, what leads to its pods, and what decides their number. */
  readonly objects: readonly KubernetesObject[];
  /** What has to exist before a pod can start. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The running part of one agent: its pods, how they are reached, and what decides their number. */
export class AgentService extends pulumi.ComponentResource {
  constructor(
    name: string,
    { objects, dependsOn }: AgentServiceArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("slipway:index:AgentService", name, {}, options);
    for (const object of objects) {
      const needed = object.kind === "Deployment" ? { dependsOn: [...dependsOn] } : {};
      registerObject(name, object, { parent: this, ...needed });
    }
    this.registerOutputs({});
  }
}
