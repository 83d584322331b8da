import { configMapName, secretName } from "../manifests/configuration.ts";
import { filesName } from "../manifests/files.ts";
import type { Hashes, ReleasedAgent } from "../manifests/input.ts";
import { instanceLabel } from "../manifests/labels.ts";
import { manifests } from "../manifests/manifests.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { Environment } from "../stack/environment.ts";
import type { Collected } from "./chart-values.ts";

/** An agent in an environment, and the objects that it is there. */
export interface Subject {
  readonly environment: Environment;
  readonly agent: ReleasedAgent;
  readonly hashes: Hashes;
  /** Without Secrets: they are never part of a chart. */
  readonly objects: readonly KubernetesObject[];
}

/** Makes the agent's own objects. Those of the stack as a whole are not the agent's to install. */
export function makeSubject(
  environment: Environment,
  agent: ReleasedAgent,
  hashes: Hashes,
): Subject {
  const objects = manifests({ environment, agents: [agent] }, hashes).filter(
    ({ kind, metadata }) => kind !== "Secret" && metadata.labels[instanceLabel] === agent.name,
  );
  return { environment, agent, hashes, objects };
}

/**
 * The same agent with everything switched on that a chart can switch, so that the templates have it
 * also where no environment uses it.
 */
export function withEverything({ environment, agent, hashes }: Subject): Subject {
  const { values } = agent;
  const reachable = agent.package.agent.port !== undefined;
  const everything: ReleasedAgent = {
    ...agent,
    values: {
      ...values,
      secrets: { ...values.secrets, EXAMPLE: "optional" },
      files: { ...values.files, "/etc/example": "" },
      ...(reachable && { ingress: values.ingress ?? exampleIngress }),
      ...(reachable && { route: values.route ?? exampleRoute }),
    },
  };
  return makeSubject(environment, everything, hashes);
}

const exampleIngress = {
  host: "agent.example.com",
  tlsSecret: "agent-tls",
  controllerNamespace: "ingress-nginx",
};

const exampleRoute = {
  hosts: ["agent.example.com"],
  gateway: { name: "gateway", namespace: "gateways", listener: "https" },
};

/** The names of an agent's parts that the agent may have in one environment and not in another. */
export interface PartNames {
  readonly sidecars: readonly string[];
  readonly initContainers: readonly string[];
}

/** What is needed to cut an object: whose it is, and where the values are collected. */
export interface Knife {
  readonly subject: Subject;
  /** So that the templates have a place for what other environments have. */
  readonly parts: PartNames;
  readonly values: Collected;
}

/** The parts that an agent has in any of its environments. */
export function partNames(subjects: readonly Subject[]): PartNames {
  const all = (part: keyof PartNames) =>
    [...new Set(subjects.flatMap(({ agent }) => Object.keys(agent.values[part])))].sort();
  return { sidecars: all("sidecars"), initContainers: all("initContainers") };
}

/** The name of an agent's Job in its values, or undefined for any other object. */
export function jobName({ kind, metadata }: KubernetesObject, { agent }: Subject) {
  const label = metadata.labels["app.kubernetes.io/name"] ?? "";
  return kind === "Job" ? label.slice(agent.name.length + 1) : undefined;
}

/** What the templates call the texts that are the agent's own, by text. */
export function knownTexts({ agent, hashes }: Subject): ReadonlyMap<string, string> {
  const { name, release, values } = agent;
  const include = (helper: string) => `include "${name}.${helper}" .`;
  const jobs = Object.keys(values.jobs).map(
    (job) => [`${name}-${job}`, `printf "%s-${job}" (${include("fullname")})`] as const,
  );
  const files = filesName(agent, hashes);
  const secret = secretName(agent, hashes);
  return new Map([
    ...jobs,
    [name, include("fullname")],
    [release.image, include("image")],
    [configMapName(agent, hashes), include("configMapName")],
    ...(files === undefined ? [] : [[files, include("filesName")] as const]),
    ...(secret === undefined ? [] : [[secret, include("secretName")] as const]),
  ]);
}
