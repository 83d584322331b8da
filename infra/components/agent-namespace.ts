import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { registerObject } from "./kubernetes-object.ts";

export interface AgentNamespaceArgs {
  /** The Namespace first, then what bounds it: ResourceQuota, LimitRange, default NetworkPolicy. */
  readonly objects: readonly KubernetesObject[];
}

/** Where the agents of one stack live, and what they may use there. */
export class AgentNamespace extends pulumi.ComponentResource {
  constructor(
    name: string,
    { objects }: AgentNamespaceArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("slipway:index:AgentNamespace", name, {}, options);
    const [namespace, ...bounds] = objects;
    if (!namespace) throw new RangeError("a stack without a Namespace");
    const parent = registerObject(name, namespace, { parent: this });
    for (const object of bounds) {
      registerObject(object.metadata.name, object, { parent: this, dependsOn: parent });
    }
    this.registerOutputs({});
  }
}
