import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { renderYaml } from "../render/yaml.ts";
import { mergeLayer } from "../values/merge.ts";
import type { Values } from "../values/values.ts";
import { difference } from "./chart-values.ts";
import { cut } from "./cut.ts";
import { makeSubject, type PartNames, type Subject, withEverything } from "./subject.ts";

/** The values of a chart. */
export interface Layers {
  /** Those of values.yaml. */
  readonly chart: PlainMap;
  /** What each environment's agent has, in full. */
  readonly byEnvironment: Readonly<Record<string, PlainMap>>;
}

/**
 * The chart's own values are those of the package alone, with the image of the first environment and
 * what belongs to an environment left empty. A part that is switched off has the values that it has
 * where it is switched on, so that one word switches it.
 */
export function makeLayers(
  subjects: readonly [Subject, ...Subject[]],
  parts: PartNames,
  packageValues: Values,
): Layers {
  const [{ environment, agent, hashes }] = subjects;
  const alone = makeSubject(
    { ...environment, customMetrics: false },
    { ...agent, values: packageValues },
    hashes,
  );
  const valuesOf = (subject: Subject) => cut(subject, parts).values;
  const unset = { secretName: "", labels: { owner: "", stack: "", managedBy: "" } };
  const own = mergeLayer(valuesOf(alone), { ...unset, test: { image: "" } });
  const all = subjects.map((subject) => [subject.environment.name, valuesOf(subject)] as const);
  const known = [own, ...all.map(([, values]) => values), valuesOf(withEverything(subjects[0]))];
  const chart = withSwitches(own, known);
  const complete = all.map(
    ([name, values]) => [name, { ...withSwitches(values, known), test: chart.test }] as const,
  );
  return { chart, byEnvironment: Object.fromEntries(complete) };
}

/** The values of an environment over those of the chart, as the text of a file. */
export function renderLayer(name: string, { chart, byEnvironment }: Layers): string {
  const values = byEnvironment[name] ?? {};
  const changed = { ...difference(chart, values), image: values.image };
  return `# What is other in ${name} than in values.yaml.\n${renderYaml(changed)}`;
}

/** Adds each part that the values do not have, as others have it but switched off. */
function withSwitches(values: PlainMap, others: readonly PlainMap[]): PlainMap {
  const result: Record<string, unknown> = { ...values };
  for (const other of others) {
    for (const part of ["ingress", "route"]) {
      result[part] ??= off(other[part]);
      if (result[part] === undefined) delete result[part];
    }
    for (const group of ["sidecars", "initContainers", "jobs"]) {
      const theirs = Object.entries((other[group] ?? {}) as PlainMap);
      const switchedOff = theirs.map(([name, part]) => [name, off(part)]);
      const merged = { ...Object.fromEntries(switchedOff), ...(result[group] as PlainMap) };
      if (Object.keys(merged).length > 0) result[group] = merged;
    }
  }
  return result;
}

function off(part: unknown): PlainMap | undefined {
  return isPlainMap(part) ? { ...part, enabled: false } : undefined;
}
