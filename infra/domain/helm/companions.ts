import { canonicalJson } from "../canonical.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { secretVariables } from "../manifests/variables.ts";
import { mounts } from "../manifests/volumes.ts";
import { type PlainMap, sortedEntries } from "../plain-map.ts";
import type { Path } from "../text/document.ts";
import { collect } from "./chart-values.ts";
import { replaceAt, valueAt, withHole } from "./fill.ts";
import { companionHoles } from "./holes.ts";
import type { Knife } from "./subject.ts";
import { block, control, inline, type Node, reference } from "./template.ts";

const groups = ["sidecars", "initContainers"] as const;

/**
 * The sidecars and init containers of the agent's pods, each there only where its values switch it
 * on. A list that a patch changed stays as it is.
 */
export function cutCompanions(object: KubernetesObject, node: Node, pod: Path, knife: Knife): Node {
  const place = [...pod, "initContainers"];
  const { values } = knife.subject.agent;
  const present = (valueAt(object, place) ?? []) as readonly PlainMap[];
  const expected = groups.flatMap((group) => sortedEntries(values[group]).map(([name]) => name));
  if (canonicalJson(present.map(({ name }) => name)) !== canonicalJson(expected)) return node;
  const slots = groups.flatMap((group) => knife.parts[group].map((name) => [group, name] as const));
  if (slots.length === 0) return node;
  const items = slots.map(([group, name]) => {
    const isPresent = Object.hasOwn(values[group], name);
    const index = expected.indexOf(name);
    const part = isPresent
      ? cutCompanion(object, node, [...place, index], [group, name], knife)
      : null;
    const item = part && [valueAt(part, [...place, index]) as Node];
    return control(`if ${switchOf(group, name)}`, item);
  });
  const anyOf = slots.map(([group, name]) => switchOf(group, name));
  const head = anyOf.length === 1 ? `if ${anyOf[0]}` : `if or ${anyOf.join(" ")}`;
  return replaceAt(node, place, control(head, items));
}

/** Cuts one container that runs beside the agent or in a Job, whose values are at `prefix`. */
export function cutCompanion(
  object: KubernetesObject,
  node: Node,
  place: Path,
  prefix: readonly [string, string],
  { subject, values }: Knife,
): Node {
  const { agent, hashes } = subject;
  const container = valueAt(object, place) as Companion | undefined;
  collect(values, [...prefix, "enabled"], true);
  if (!Array.isArray(container?.env)) return node;
  const isOwn = container.image === agent.release.image;
  const withSecrets = isOwn || prefix[0] === "jobs";
  const include = (helper: string) => `include "${agent.name}.${helper}" .`;
  collect(values, [...prefix, "image"], isOwn ? "" : container.image);
  const image = inline(`${reference(...prefix, "image")} | default (${include("image")})`);
  let result = replaceAt(node, [...place, "image"], image);
  for (const hole of companionHoles(prefix)) {
    result = withHole(result, object, { ...hole, at: [...place, ...hole.at] }, values);
  }
  if (canonicalJson(container.volumeMounts) === canonicalJson(mounts(agent, withSecrets))) {
    const helper = include(withSecrets ? "volumeMounts" : "companionMounts");
    result = replaceAt(result, [...place, "volumeMounts"], [block(helper)]);
  }
  const known = withSecrets ? secretVariables(agent, hashes) : [];
  if (canonicalJson(container.env.slice(0, known.length)) !== canonicalJson(known)) return result;
  collect(values, [...prefix, "env"], container.env.slice(known.length));
  const env = reference(...prefix, "env");
  const secrets = `(${include("secretEnv")} | fromYamlArray)`;
  const all = withSecrets ? `concat ${secrets} ${env} | default list | toYaml` : `toYaml ${env}`;
  return replaceAt(result, [...place, "env"], block(all));
}

interface Companion {
  readonly image: string;
  readonly env: readonly unknown[];
  readonly volumeMounts: readonly unknown[];
}

function switchOf(group: string, name: string): string {
  return reference(group, name, "enabled");
}
