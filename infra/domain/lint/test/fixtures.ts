import type { KubernetesObject } from "../../manifests/object.ts";
import type { Dependency } from "../../package/package.ts";
import { objectOf, sampleObjects } from "../../test/sample-stack.ts";

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

/** The sample agent with what it does not use itself: a Job, an Ingress, an HTTPRoute. */
export function fixtureObjects(environment: string): readonly KubernetesObject[] {
  const objects = sampleObjects(environment);
  const deployment = objectOf(objects, "Deployment");
  const { namespace, labels } = deployment.metadata;
  const own = { ...labels, "app.kubernetes.io/name": "fastapi-agent-migrate" };
  const { readinessProbe, livenessProbe, startupProbe, lifecycle, ...container } =
    deployment.spec.template.spec.containers[0];
  const { affinity, topologySpreadConstraints, ...pod } = deployment.spec.template.spec;
  const rest = { ...pod, restartPolicy: "Never", containers: [{ ...container, name: "migrate" }] };
  const port = objectOf(objects, "Service").spec.ports[0].port;
  return [
    ...objects,
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "fastapi-agent-migrate", namespace, labels: own },
      spec: { activeDeadlineSeconds: 300, template: { metadata: { labels: own }, spec: rest } },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "fastapi-agent", namespace, labels },
      spec: {
        tls: [{ hosts: ["agent.example.com"], secretName: "tls" }],
        rules: [
          {
            host: "agent.example.com",
            http: {
              paths: [
                {
                  path: "/",
                  backend: { service: { name: "fastapi-agent", port: { number: port } } },
                },
              ],
            },
          },
        ],
      },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "fastapi-agent", namespace, labels },
      spec: {
        parentRefs: [{ name: "public", namespace: "gateways", sectionName: "https" }],
        rules: [{ backendRefs: [{ name: "fastapi-agent", port }] }],
      },
    },
  ];
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
