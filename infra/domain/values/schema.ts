import { imageReferencePattern } from "../release/release.ts";
import {
  cidr,
  dnsLabel,
  environmentName,
  quantity,
  seconds,
  unprivilegedPort,
} from "../text/rules.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";

const port: Schema = {
  type: "integer",
  minimum: 1,
  maximum: 65535,
  description: "a port from 1 to 65535",
};

const replicas: Schema = {
  type: "integer",
  minimum: 1,
  maximum: 1000,
  description: "a whole number from 1 to 1000",
};

const labelValue: Schema = {
  type: "string",
  pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$",
  maxLength: 63,
  description: "letters, digits, -, _ and . inside, at most 63 characters",
};

const egressRule = closed(
  {
    cidr,
    except: { type: "array", items: cidr },
    ports: { type: "array", items: port, minItems: 1 },
  },
  ["cidr", "ports"],
);

const text: Schema = { type: "string", minLength: 1, maxLength: 4096 };

const absolutePath: Schema = {
  type: "string",
  pattern: "^(/(?!\\.\\.|\\.(/|$))[A-Za-z0-9_.-]+)+$",
  maxLength: 200,
  description: "an absolute path without . and ..",
};

const hostName: Schema = {
  type: "string",
  pattern: "^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$",
  maxLength: 253,
  description: "a host name such as agent.example.com",
};

const urlPath: Schema = {
  type: "string",
  pattern: "^/[A-Za-z0-9/_.~-]*$",
  description: "a path that starts with /",
};

const annotations = mapOf(
  { ...text, description: "text" },
  {
    type: "string",
    pattern: "^([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$",
    maxLength: 317,
    description: "the name of an annotation such as example.com/name",
  },
);

const settings = mapOf(
  {
    type: "string",
    writeOnly: true,
    description: 'text; put quotes around numbers and true or false, such as "30"',
  },
  environmentName,
);

const amounts = closed({ cpu: quantity, memory: quantity, "ephemeral-storage": quantity });

const companion: Readonly<Record<string, Schema>> = {
  image: {
    type: "string",
    pattern: imageReferencePattern,
    description: "an image by digest: repository@sha256: and 64 hexadecimal digits",
  },
  command: { type: "array", items: text, minItems: 1 },
  args: { type: "array", items: text },
  config: settings,
  resources: closed({ requests: amounts, limits: amounts }),
};

/** Room for the agent's name and a hash in the names that are derived from it. */
const partName = dnsLabel(20);

const extensions: Readonly<Record<string, Schema>> = {
  overrides: closed(
    {
      terminationGraceSeconds: seconds(1, 90_000),
      progressDeadlineSeconds: seconds(1, 7200),
      startupPeriodSeconds: seconds(1, 60),
      maxUnavailable: replicas,
    },
    [],
  ),
  secretsAsEnvironment: { type: "array", items: environmentName },
  files: mapOf({ type: "string", maxLength: 100_000 }, absolutePath),
  imagePullSecrets: { type: "array", items: dnsLabel() },
  serviceAccount: closed({ annotations }),
  volumes: mapOf(
    closed(
      {
        mountPath: absolutePath,
        size: quantity,
        claim: dnsLabel(),
        configMap: dnsLabel(),
        secret: dnsLabel(),
        readOnly: { type: "boolean" },
      },
      ["mountPath"],
    ),
    partName,
  ),
  initContainers: mapOf(closed(companion, []), partName),
  sidecars: mapOf(closed({ ...companion, port: unprivilegedPort }, []), partName),
  ingress: closed(
    {
      host: hostName,
      path: urlPath,
      className: dnsLabel(),
      tlsSecret: dnsLabel(),
      controllerNamespace: dnsLabel(),
      annotations,
    },
    ["host", "tlsSecret", "controllerNamespace"],
  ),
  route: closed(
    {
      hosts: { type: "array", items: hostName, minItems: 1 },
      path: urlPath,
      gateway: closed({ name: dnsLabel(), namespace: dnsLabel(), listener: dnsLabel() }),
    },
    ["hosts", "gateway"],
  ),
  jobs: mapOf(
    closed(
      {
        ...companion,
        when: { type: "string", enum: ["before", "after"] },
        timeoutSeconds: seconds(1, 86_400),
        retries: { type: "integer", minimum: 0, maximum: 20 },
      },
      ["when"],
    ),
    partName,
  ),
  patches: {
    type: "array",
    items: closed({ kind: text, name: dnsLabel(253), reason: text, patch: { type: "object" } }, [
      "kind",
      "reason",
      "patch",
    ]),
  },
};

const shape: Readonly<Record<string, Schema>> = {
  replicas: closed({ min: replicas, max: replicas }),
  autoscaling: closed(
    {
      cpuPercent: {
        type: "integer",
        minimum: 10,
        maximum: 500,
        description: "a whole percentage of the CPU request from 10 to 500",
      },
      scaleDownWindowSeconds: seconds(0, 3600),
      signal: { type: "string", enum: ["cpu", "concurrency"] },
    },
    ["cpuPercent", "scaleDownWindowSeconds"],
  ),
  resources: closed({
    requests: amounts,
    limits: closed({ cpu: quantity, memory: quantity, "ephemeral-storage": quantity }, [
      "memory",
      "ephemeral-storage",
    ]),
    tmp: quantity,
  }),
  config: settings,
  secrets: mapOf(
    {
      type: "string",
      enum: ["required", "optional"],
      writeOnly: true,
      description: "required or optional; the secret itself belongs into the stack's env file",
    },
    environmentName,
  ),
  service: closed(
    {
      type: { type: "string", enum: ["ClusterIP", "NodePort", "LoadBalancer"] },
      port,
      nodePort: {
        type: "integer",
        minimum: 30000,
        maximum: 32767,
        description: "a port from 30000 to 32767",
      },
    },
    ["type", "port"],
  ),
  networkPolicy: closed({
    ingress: closed({
      namespaces: { type: "array", items: dnsLabel() },
      cidrs: { type: "array", items: cidr },
    }),
    egress: { type: "array", items: egressRule },
  }),
  labels: closed({ owner: labelValue, partOf: labelValue }, []),
  ...extensions,
};

/** Without one there is no such object, so there is nothing to fall back to. */
const absentByDefault = new Set(["ingress", "route"]);

/** The shape of an agent's values when all layers are merged. A file holds a layer of it. */
export const valuesSchema: Schema = closed(
  shape,
  Object.keys(shape).filter((key) => !absentByDefault.has(key)),
);
