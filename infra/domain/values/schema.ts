import { cidr, dnsLabel, environmentName, quantity, seconds } from "../text/rules.ts";
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

/** The shape of an agent's values when all layers are merged. A file holds a layer of it. */
export const valuesSchema: Schema = closed({
  replicas: closed({ min: replicas, max: replicas }),
  autoscaling: closed({
    cpuPercent: {
      type: "integer",
      minimum: 10,
      maximum: 500,
      description: "a whole percentage of the CPU request from 10 to 500",
    },
    scaleDownWindowSeconds: seconds(0, 3600),
  }),
  resources: closed({
    requests: closed({ cpu: quantity, memory: quantity, "ephemeral-storage": quantity }),
    limits: closed({ cpu: quantity, memory: quantity, "ephemeral-storage": quantity }, [
      "memory",
      "ephemeral-storage",
    ]),
    tmp: quantity,
  }),
  config: mapOf(
    {
      type: "string",
      writeOnly: true,
      description: 'text; put quotes around numbers and true or false, such as "30"',
    },
    environmentName,
  ),
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
});
