import type { KubernetesObject } from "../../manifests/object.ts";
import type { Dependency } from "../../package/package.ts";
import { sampleObjects } from "../../test/sample-stack.ts";

/** The sample agent's objects in one environment, opened up where fixtures break them. */
export type Opened = ReturnType<typeof open>;

/** One way to break exactly one rule. */
export interface Fixture {
  readonly rule: string;
  /** What was done, as the subject of a sentence. */
  readonly what: string;
  readonly break: (opened: Opened) => unknown;
  /** Rules that the same change cannot help but break too. */
  readonly also?: readonly string[];
}

/** Within the bounds of every environment. */
const resources =
  "resources: { requests: { cpu: 100m, memory: 128Mi, ephemeral-storage: 64Mi }, limits: { cpu: 500m, memory: 128Mi, ephemeral-storage: 64Mi } }";

/** What the sample agent does not use itself, so that every kind of object is looked at. */
const extras = [
  `jobs.migrate={ when: before, ${resources} }`,
  `sidecars.proxy={ port: 9000, ${resources} }`,
  `initContainers.warm={ command: [python3], ${resources} }`,
  "files={ /etc/notes.md: Be polite. }",
  "volumes.cache={ mountPath: /var/cache/agent, size: 16Mi }",
  "ingress={ host: agent.example.com, tlsSecret: tls, controllerNamespace: ingress }",
  "route={ hosts: [agent.example.com], gateway: { name: public, namespace: gateways, listener: https } }",
];

/** The objects of the sample agent with everything that an agent can have. */
export function fixtureObjects(environment: string): readonly KubernetesObject[] {
  return sampleObjects(environment, extras);
}

/** A copy of objects that can be changed freely, with the ones that matter at hand. */
export function open(source: readonly KubernetesObject[]) {
  // biome-ignore lint/suspicious/noExplicitAny: fixtures reach deep into objects whose types say nothing.
  const objects: any[] = structuredClone([...source]);
  const find = (kind: string, name?: string) =>
    objects.find((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
  const deployment = find("Deployment");
  const settings = objects.find(
    (one) => one.kind === "ConfigMap" && one.data.LOG_LEVEL !== undefined,
  );
  const dependencies: Dependency[] = [];
  return {
    objects,
    dependencies,
    settings,
    deployment,
    template: deployment.spec.template,
    pod: deployment.spec.template.spec,
    container: deployment.spec.template.spec.containers[0],
    job: find("Job"),
    namespace: find("Namespace"),
    deny: find("NetworkPolicy", "default-deny"),
    policy: find("NetworkPolicy", "fastapi-agent"),
    account: find("ServiceAccount"),
    service: find("Service"),
    autoscaler: find("HorizontalPodAutoscaler"),
    budget: find("PodDisruptionBudget"),
    secret: find("Secret"),
    ingress: find("Ingress"),
    route: find("HTTPRoute"),
    remove: (kind: string, name?: string) => objects.splice(objects.indexOf(find(kind, name)), 1),
    add: (object: KubernetesObject) => objects.push(object),
  };
}
