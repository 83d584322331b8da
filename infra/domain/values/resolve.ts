import type { Problem } from "../errors.ts";
import type { Package } from "../package/package.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { checkSchema, documentProblems } from "../text/check.ts";
import type { Path, SourceDocument } from "../text/document.ts";
import { layerOf } from "../text/schema.ts";
import { mergeLayer } from "./merge.ts";
import { contradictions } from "./rules.ts";
import { valuesSchema } from "./schema.ts";
import { companionResources, defaultValues, type Values } from "./values.ts";

const layerSchema = layerOf(valuesSchema);

/** What is wrong with one layer by itself. */
export function layerProblems(layer: SourceDocument): readonly Problem[] {
  return documentProblems(layer, layerSchema);
}

/**
 * Merges sound layers, the lowest first, over the built-in defaults. What is wrong with the result
 * is added to `problems`, at the place in the layer that decided it; the result is then undefined.
 */
export function resolveValues(
  layers: readonly SourceDocument[],
  pkg: Package,
  problems: Problem[],
): Values | undefined {
  const said = layers
    .map((layer) => layer.value as PlainMap)
    .reduce(mergeLayer, defaultValues as unknown as PlainMap);
  const merged = withCompanionResources(said);
  const misshapen = checkSchema(valuesSchema, merged);
  const values = withTextQuantities(merged) as unknown as Values;
  const found = misshapen.length > 0 ? misshapen : contradictions(values, pkg);
  problems.push(...found.map(({ path, message }) => deciding(layers, path, message)));
  return found.length === 0 ? values : undefined;
}

/** A problem in the highest layer that says something about `path`, or about its nearest parent. */
export function deciding(layers: readonly SourceDocument[], path: Path, message: string): Problem {
  for (let length = path.length; length > 0; length--) {
    const layer = layers.findLast((candidate) => candidate.has(path.slice(0, length)));
    if (layer !== undefined) return layer.problemAt(path, message);
  }
  const [lowest] = layers;
  return lowest?.problemAt([], message) ?? { file: "values", message };
}

const companionGroups = ["sidecars", "initContainers", "jobs"];

/** A companion may say some of its resources; the others are what every companion gets. */
function withCompanionResources(merged: PlainMap): PlainMap {
  const defaults = { resources: companionResources };
  const complete = (one: unknown) => (isPlainMap(one) ? mergeLayer(defaults, one) : one);
  return changeGroups(merged, companionGroups, complete);
}

/** YAML reads `cpu: 2` as a number; Kubernetes and the rest of the code want the text. */
function withTextQuantities(merged: PlainMap): PlainMap {
  const groups = [...companionGroups, "volumes"];
  const textual = changeGroups(merged, groups, (one) => {
    if (!isPlainMap(one)) return one;
    const quantities = Object.entries(one).filter(([key]) => key === "resources" || key === "size");
    return {
      ...one,
      ...Object.fromEntries(quantities.map(([key, value]) => [key, numbersToText(value)])),
    };
  });
  return { ...textual, resources: numbersToText(merged.resources) };
}

/** Changes every entry of some maps. */
function changeGroups(
  merged: PlainMap,
  groups: readonly string[],
  change: (one: unknown) => unknown,
): PlainMap {
  const changed = groups.flatMap((group) => {
    const entries = merged[group];
    if (!isPlainMap(entries)) return [];
    const values = Object.entries(entries).map(([key, one]) => [key, change(one)]);
    return [[group, Object.fromEntries(values)]];
  });
  return { ...merged, ...Object.fromEntries(changed) };
}

function numbersToText(value: unknown): unknown {
  if (isPlainMap(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, numbersToText(inner)]),
    );
  }
  return typeof value === "number" ? String(value) : value;
}
