import { instanceLabel } from "../manifests/labels.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { NeededSecret } from "./needed-secrets.ts";
import type { Rendering } from "./render.ts";
import { renderYaml } from "./yaml.ts";

/** Texts of files by their path inside a folder. */
export type Tree = Readonly<Record<string, string>>;

/** Where a tree for a GitOps tool is found in the end. */
export interface Source {
  /** Folder of the tree from the root of its git repository, without a slash at either end. */
  readonly path: string;
  /** URL of the git repository. */
  readonly repository: string;
}

/** One file for each object in a folder. */
export function objectFiles(folder: string, objects: readonly KubernetesObject[]): Tree {
  return Object.fromEntries(
    objects.map((object) => [join(folder, fileName(object)), renderYaml(object)]),
  );
}

/** The name of an object's file: no other object of its namespace has it. */
export function fileName({ kind, metadata }: KubernetesObject): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/** Says which Secrets somebody has to make, unless there are none. */
export function secretsFile({ environment, secrets }: Rendering): Tree {
  if (secrets.length === 0) return {};
  const text = [
    `# Secrets that ${environment.name} needs`,
    "",
    "They are not in this folder. Make them before its objects, for example with Sealed Secrets, External",
    `Secrets or \`slipway deploy ${environment.name}\`, which gives them these names.`,
    "",
    "| Namespace | Name | Keys |",
    "| --- | --- | --- |",
    ...secrets.map(
      (secret) => `| ${secret.namespace} | ${secret.name} | ${describeKeys(secret)} |`,
    ),
    "",
  ];
  return { "SECRETS.md": text.join("\n") };
}

/** The keys of a Secret and which of them it cannot do without. */
export function describeKeys({ keys }: NeededSecret): string {
  return keys.map(({ key, need }) => `${key} (${need})`).join(", ");
}

/** The objects of the stack as a whole, and those of each agent. */
export function partition({ objects }: Rendering) {
  const agents = new Map<string, KubernetesObject[]>();
  const shared: KubernetesObject[] = [];
  for (const object of objects) {
    const agent = object.metadata.labels[instanceLabel];
    if (agent === undefined) shared.push(object);
    else agents.set(agent, [...(agents.get(agent) ?? []), object]);
  }
  return { shared, agents: [...agents].map(([name, own]) => ({ name, objects: own })) };
}

/** A path of parts that may be empty. */
export function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}
