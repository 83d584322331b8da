import { canonicalJson } from "../canonical.ts";
import { configMapName } from "../manifests/configuration.ts";
import { agentContainer } from "../manifests/container.ts";
import { filesConfigMap } from "../manifests/files.ts";
import { whenAnnotation } from "../manifests/job.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { PlainMap } from "../plain-map.ts";
import { cutCompanion, cutCompanions } from "./companions.ts";
import { replaceAt, valueAt, withHole } from "./fill.ts";
import { withHelpers } from "./fragments.ts";
import { containerHoles, type Hole, holes, jobHoles } from "./holes.ts";
import { ownValues } from "./own-values.ts";
import { jobName, type Knife, type PartNames, type Subject } from "./subject.ts";
import { block, control, inline, type Node, reference } from "./template.ts";

/** One agent's objects with holes, and what fills them. */
export interface Cutting {
  /** By the name of the file that each is in. */
  readonly templates: Readonly<Record<string, Node>>;
  readonly values: PlainMap;
}

/**
 * Cuts out of an agent's objects what differs between environments. Filled in again they are the
 * same objects: what no hole is for stays in the templates to the letter.
 */
export function cut(subject: Subject, parts: PartNames): Cutting {
  const knife = { subject, parts, values: ownValues(subject) };
  const templates = subject.objects.map((object) => cutObject(object, knife));
  return { templates: Object.fromEntries(templates), values: knife.values };
}

function cutObject(object: KubernetesObject, knife: Knife): readonly [string, Node] {
  const { subject } = knife;
  const plain = withHelpers(object, subject);
  const node = replaceAt(plain, ["metadata", "namespace"], inline(".Release.Namespace"));
  const file = `${object.kind.toLowerCase()}.yaml`;
  switch (object.kind) {
    case "ConfigMap":
      return cutConfigMap(object, node, subject);
    case "Deployment":
      return [file, cutDeployment(object, node, knife)];
    case "Job":
      return cutJob(object, node, knife);
    case "Ingress":
      return [file, switched("ingress", cutHoles(object, node, knife), knife)];
    case "HTTPRoute":
      return [file, switched("route", cutHoles(object, node, knife), knife)];
    default:
      return [file, cutHoles(object, node, knife)];
  }
}

function cutHoles(
  object: KubernetesObject,
  node: Node,
  { values }: Knife,
  all: readonly Hole[] = holes[object.kind] ?? [],
): Node {
  return all.reduce((result, hole) => withHole(result, object, hole, values), node);
}

/** An object that is there only where its values switch it on. */
function switched(part: string, node: Node, { values }: Knife): Node {
  values[part] = { enabled: true, ...(values[part] as PlainMap) };
  return control(`if ${reference(part, "enabled")}`, node);
}

/** A ConfigMap that a patch changed stays as it is: its name is no longer the hash of its content. */
function cutConfigMap(
  { metadata, data }: KubernetesObject,
  node: Node,
  { environment, agent, hashes }: Subject,
): readonly [string, Node] {
  const isFor = (content: unknown) => canonicalJson(data) === canonicalJson(content);
  if (metadata.name === configMapName(agent, hashes)) {
    const filled = replaceAt(node, ["data"], block("toYaml .Values.config"));
    return ["configmap.yaml", isFor(agent.values.config) ? filled : node];
  }
  const unpatched = filesConfigMap(environment, agent, hashes);
  const filled = replaceAt(node, ["data"], block(`include "${agent.name}.filesData" .`));
  const result = isFor(unpatched?.data) ? filled : node;
  return ["files-configmap.yaml", control(`if include "${agent.name}.files" . | fromJson`, result)];
}

function cutDeployment(object: KubernetesObject, node: Node, knife: Knife): Node {
  const pod = ["spec", "template", "spec"];
  const result = cutHoles(object, node, knife);
  const withCompanions = cutCompanions(object, result, pod, knife);
  const containers = valueAt(object, [...pod, "containers"]) as readonly PlainMap[];
  const index = containers.findIndex(({ name }) => name === agentContainer);
  const place = [...pod, "containers", index];
  const all = containerHoles.map((hole) => ({ ...hole, at: [...place, ...hole.at] }));
  return cutHoles(object, withCompanions, knife, all);
}

function cutJob(object: KubernetesObject, node: Node, knife: Knife): readonly [string, Node] {
  const job = jobName(object, knife.subject) ?? "";
  const all = [...(holes.Job ?? []), ...jobHoles(["jobs", job])];
  const result = cutHoles(object, node, knife, all);
  const place = ["spec", "template", "spec", "containers", 0];
  const container = cutCompanion(object, result, place, ["jobs", job], knife);
  const when = object.metadata.annotations?.[whenAnnotation];
  const hook = when === "before" ? "pre-install,pre-upgrade" : "post-install,post-upgrade";
  const marked = replaceAt(container, ["metadata", "annotations", "helm.sh/hook"], hook);
  const name = inline(`include "${knife.subject.agent.name}.job.${job}.name" .`);
  const head = `if ${reference("jobs", job, "enabled")}`;
  return [`job-${job}.yaml`, control(head, replaceAt(marked, ["metadata", "name"], name))];
}
