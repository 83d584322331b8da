import { canonicalJson } from "../canonical.ts";
import { agentLabels, selectorLabels } from "../manifests/labels.ts";
import { plainVariables, secretVariables } from "../manifests/variables.ts";
import { mounts, volumes } from "../manifests/volumes.ts";
import { contractEnvironment } from "../package/environment.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { knownTexts, type Subject } from "./subject.ts";
import { block, control, entries, inline, type Node } from "./template.ts";

/**
 * The template of a part of an object: names, labels and lists that the chart's helpers make are
 * asked of them, and everything else stays as it is.
 */
export function withHelpers(value: unknown, subject: Subject): Node {
  const texts = knownTexts(subject);
  const fragments = knownFragments(subject);
  const walk = (inner: unknown, key?: string): Node => {
    if (typeof inner === "string") {
      const known = texts.get(inner);
      return known === undefined ? inner : inline(known);
    }
    if (Array.isArray(inner)) return fragments.list(key, inner) ?? inner.map((item) => walk(item));
    if (!isPlainMap(inner)) return inner as Node;
    const { known, rest } = fragments.map(key, inner);
    const own = Object.entries(rest).map(([name, child]) => [name, walk(child, name)] as const);
    return { ...(known && { [entries]: block(known) }), ...Object.fromEntries(own) };
  };
  return walk(value);
}

function knownFragments(subject: Subject) {
  const { environment, agent, hashes } = subject;
  const include = (helper: string) => `include "${agent.name}.${helper}" .`;
  const labels = agentLabels(environment, agent);
  const { "app.kubernetes.io/name": _, "app.kubernetes.io/component": __, ...common } = labels;
  const maps: readonly (readonly [string, PlainMap, string])[] = [
    ["selector", selectorLabels(agent.name), include("selectorLabels")],
    ["matchLabels", selectorLabels(agent.name), include("selectorLabels")],
    ["labels", labels, include("labels")],
    ["labels", common, include("commonLabels")],
  ];
  const contract = plainVariables(contractEnvironment(agent.package.agent));
  const secrets = secretVariables(agent, hashes);
  const others = (items: readonly unknown[]) => items.map((item) => withHelpers(item, subject));
  return {
    map: (key: string | undefined, value: PlainMap) => {
      const found = maps.find(([name, part]) => name === key && contains(value, part));
      const rest = Object.entries(value).filter(([name]) => !Object.hasOwn(found?.[1] ?? {}, name));
      return { known: found?.[2], rest: Object.fromEntries(rest) };
    },
    list: (key: string | undefined, value: readonly unknown[]): Node | undefined => {
      if (key === "env" && startsWith(value, [...contract, ...secrets])) {
        const rest = value.slice(contract.length + secrets.length);
        const fromSecret = control(`with ${include("secretEnv")}`, [block(".")]);
        return [...others(contract), fromSecret, ...others(rest)];
      }
      const lists = { volumeMounts: mounts(agent, true), volumes: volumes(agent, hashes) };
      const found = Object.entries(lists).find(
        ([name, part]) => name === key && equal(value, part),
      );
      return found && [block(include(found[0]))];
    },
  };
}

function contains(value: PlainMap, part: PlainMap): boolean {
  return Object.entries(part).every(([key, inner]) => value[key] === inner);
}

function startsWith(value: readonly unknown[], part: readonly unknown[]): boolean {
  return equal(value.slice(0, part.length), part);
}

function equal(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
