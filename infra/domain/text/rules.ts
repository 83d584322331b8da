import type { Schema } from "./schema.ts";

/** Shapes that several files share. */

/** The version of every file format of ours. */
export const apiVersion: Schema = {
  type: "string",
  enum: ["slipway.dev/v1"],
};

/** A DNS label (RFC 1123) of at most `maxLength` characters. */
export function dnsLabel(maxLength = 63): Schema {
  return {
    type: "string",
    pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
    maxLength,
    description: `lower-case letters, digits and "-" inside, at most ${maxLength} characters`,
  };
}

/** @see https://semver.org, where the pattern's parts are defined. */
export const semanticVersion: Schema = {
  type: "string",
  pattern:
    "^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)" +
    "(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$",
  description: "a semantic version such as 1.4.0",
};

/** A Kubernetes quantity that is not negative. A whole number needs no quotes. */
export const quantity: Schema = {
  type: ["string", "number"],
  pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",
  minimum: 0,
  description: "a quantity such as 500m, 2 or 256Mi",
};

/** What names an evaluation, in a package and in the gates that ask for its score. */
export const evalName: Schema = {
  type: "string",
  pattern: "^[a-z][a-z0-9-]*$",
  maxLength: 63,
  description: "a name such as answer-quality",
};

/** The name of an environment variable, which is also a valid key in a ConfigMap or Secret. */
export const environmentName: Schema = {
  type: "string",
  pattern: "^[A-Z_][A-Z0-9_]*$",
  maxLength: 253,
  description: "capital letters, digits and _, not starting with a digit",
};

/** An IPv4 or IPv6 address range. */
export const cidr: Schema = {
  type: "string",
  pattern:
    "^(((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)/(3[0-2]|[12]?\\d)" +
    "|(?=[0-9a-fA-F]*:)[0-9a-fA-F:]{2,39}/(12[0-8]|1[01]\\d|\\d?\\d))$",
  maxLength: 43,
  description: "an address range such as 10.1.0.0/16",
};

/** A TCP port that a process without privileges may listen on. */
export const unprivilegedPort: Schema = {
  type: "integer",
  minimum: 1024,
  maximum: 65535,
  description: "a port from 1024 to 65535",
};

/** A whole number of seconds. */
export function seconds(minimum: number, maximum: number): Schema {
  return {
    type: "integer",
    minimum,
    maximum,
    description: `a whole number of seconds from ${minimum} to ${maximum}`,
  };
}
