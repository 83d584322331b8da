import { dnsLabel, environmentName, quantity } from "../text/rules.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";

/** One value of a chart: what its users read about it, and what it may be. */
export interface DescribedValue {
  /** A sentence or two. */
  readonly comment: string;
  readonly schema: Schema;
}

const text: Schema = { type: "string" };
const texts = mapOf(text, {});
const count: Schema = { type: "integer", minimum: 0 };
const positive: Schema = { type: "integer", minimum: 1 };
const enabled: Schema = { type: "boolean" };
const objects: Schema = { type: "array", items: { type: "object" } };
const list: Schema = { type: "array", items: text };
const path: Schema = { type: "string", pattern: "^(/.*)?$" };
const port: Schema = { type: "integer", minimum: 1, maximum: 65535 };

const amounts = mapOf(quantity, {});
const resources = closed({ requests: amounts, limits: amounts }, []);

/** An image by digest, or nothing for the agent's own. */
const image: Schema = { type: "string", pattern: "^([^@]+@sha256:[0-9a-f]{64})?$" };

const companion = { enabled, image, command: list, args: list, env: objects, resources };
const companions = mapOf(closed(companion, []), {});

/** Every value that a chart can have, in the order of its values.yaml. */
export const describedValues: Readonly<Record<string, DescribedValue>> = {
  image: {
    comment: "The agent's image, by digest: the same bytes everywhere.",
    schema: closed({
      repository: { type: "string", minLength: 1 },
      digest: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
    }),
  },
  imagePullSecrets: {
    comment: "Secrets of the namespace with which the image is pulled, such as [{name: registry}].",
    schema: { type: "array", items: closed({ name: dnsLabel(253) }) },
  },
  config: {
    comment: "Environment variables that are no secrets. A change rolls the pods.",
    schema: mapOf(text, environmentName),
  },
  secrets: {
    comment:
      "The keys that the Secret has, each required or optional. Their values are never here.",
    schema: mapOf({ type: "string", enum: ["required", "optional"] }, environmentName),
  },
  secretName: {
    comment:
      "Name of the Secret with these keys, which has to be in the namespace. Give a changed Secret\nanother name, and the pods are rolled.",
    schema: { type: "string", maxLength: 253 },
  },
  secretsAsEnvironment: {
    comment: "Keys of the Secret that the agent also gets as environment variables.",
    schema: { type: "array", items: environmentName },
  },
  files: {
    comment: "Texts by the absolute path at which the agent finds them, beside those in files/.",
    schema: texts,
  },
  replicas: {
    comment: "Bounds of the autoscaler.",
    schema: closed({ min: positive, max: positive }),
  },
  autoscaling: {
    comment: "What the autoscaler watches, and how long use must be low before it removes a pod.",
    schema: closed({ metrics: objects, scaleDownWindowSeconds: count }),
  },
  podDisruptionBudget: {
    comment: "Pods that may be evicted at once.",
    schema: closed({ maxUnavailable: count }),
  },
  resources: {
    comment: "Requests and limits of the agent's container.",
    schema: resources,
  },
  tmpSize: {
    comment: "Size of /tmp, the only folder that the agent may write to.",
    schema: quantity,
  },
  startupProbe: {
    comment: "periodSeconds times failureThreshold is the time that the agent has to start.",
    schema: closed({ periodSeconds: positive, failureThreshold: positive }),
  },
  terminationGracePeriodSeconds: {
    comment: "The drain, the longest task and some time to end.",
    schema: count,
  },
  progressDeadlineSeconds: {
    comment: "Time without progress after which a rollout has failed.",
    schema: positive,
  },
  service: {
    comment:
      "How the agent is reached inside the cluster. nodePort 0 is one that the cluster chooses.",
    schema: closed({
      type: { type: "string", enum: ["ClusterIP", "NodePort", "LoadBalancer"] },
      port,
      nodePort: { type: "integer", minimum: 0, maximum: 65535 },
      annotations: texts,
    }),
  },
  ingress: {
    comment:
      "How it is reached from outside through an ingress controller, by TLS. Let the controller's\nnamespace in under networkPolicy.ingress too.",
    schema: closed({
      enabled,
      host: text,
      path,
      className: text,
      tlsSecret: text,
      annotations: texts,
    }),
  },
  route: {
    comment:
      "How it is reached from outside through a Gateway, whose namespace has to be let in too.",
    schema: closed({ enabled, hosts: list, path, parentRefs: objects }),
  },
  networkPolicy: {
    comment: "Who may talk to the agent, and to whom it may talk.",
    schema: closed({ ingress: objects, egress: objects }),
  },
  serviceAccount: {
    comment: "Such as the cloud identity that the agent assumes.",
    schema: closed({ annotations: texts }),
  },
  labels: {
    comment:
      "Team that answers for the agent, application that it belongs to (default: the chart's name),\nstack that it is in, and what manages it (default: Helm).",
    schema: closed({ owner: text, partOf: text, stack: text, managedBy: text }),
  },
  volumes: {
    comment: "More volumes of the pods, and where every container sees them.",
    schema: objects,
  },
  volumeMounts: { comment: "", schema: objects },
  sidecars: { comment: "Containers that run beside the agent.", schema: companions },
  initContainers: { comment: "Containers that run before the agent starts.", schema: companions },
  jobs: {
    comment: "Hooks that run once before or after each install and upgrade.",
    schema: mapOf(closed({ ...companion, timeoutSeconds: positive, retries: count }, []), {}),
  },
  test: {
    comment:
      "What `helm test` runs the request with: the agent's own image, if it has a shell and one of curl,\nwget, python3 and node; else name one that has.",
    schema: closed({ image }),
  },
};
