import { isMap, isSeq, parseDocument, stringify } from "yaml";
import type { KubernetesObject } from "../manifests/object.ts";
import { patchName } from "../manifests/patch.ts";
import { indexOfItem, listKey } from "../named-list.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { readPath } from "../plain-path.ts";
import type { PlannedFile } from "../promotion/promotion.ts";
import type { Agent } from "../stack/plan.ts";
import { patchProblems } from "../values/rules/patches.ts";
import type { Patch } from "../values/values.ts";
import { type Drift, isEngine } from "./drift.ts";
import { objectTitle } from "./object-key.ts";

/** How files would have to change for the cluster to be as they say. */
export interface KeptDrift {
  readonly files: readonly PlannedFile[];
  /** What the files then say. */
  readonly kept: readonly Drift[];
  /** What no patch can say: objects as a whole, Secrets, and what tells whose an object is. */
  readonly left: readonly Drift[];
}

export interface KeepRequest {
  readonly environment: string;
  readonly drift: readonly Drift[];
  /** What the files describe now. */
  readonly objects: readonly KubernetesObject[];
  readonly agents: readonly Agent[];
  /** Texts of the files by their paths. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Puts into the agents' values what others set in the cluster, as patches that name who did it: the
 * one way to keep a change that was made by hand. The comments and the order of the files stay.
 */
export function keepDrift({ environment, drift, objects, agents, texts }: KeepRequest): KeptDrift {
  const kept: Drift[] = [];
  const files = agents.flatMap((agent): readonly PlannedFile[] => {
    const found = drift.flatMap((one) => {
      const object = objects.find((each) => objectTitle(each) === one.object);
      const owner = object?.metadata.labels["app.kubernetes.io/instance"];
      const patch = object && owner === agent.name ? patchOf(one, object, agent) : undefined;
      return patch ? [{ one, patch }] : [];
    });
    if (found.length === 0) return [];
    kept.push(...found.map(({ one }) => one));
    const path = `stacks/${environment}/${agent.name}/values.yaml`;
    const patches = gather(found.map(({ patch }) => patch));
    return [{ path, text: addPatches(texts[path] ?? "", agent, patches) }];
  });
  return { files, kept, left: drift.filter((one) => !kept.includes(one)) };
}

/** A patch that does to an object what was done in the cluster, or undefined when none may. */
function patchOf(drift: Drift, object: KubernetesObject, agent: Agent): Patch | undefined {
  if (drift.path === undefined || object.kind === "Secret") return undefined;
  // The files themselves have changed since the deployment.
  if (drift.by && isEngine(drift.by)) return undefined;
  const value = drift.live === undefined ? null : JSON.parse(drift.live);
  const body = nest(readPath(drift.path), value, object);
  if (!isPlainMap(body)) return undefined;
  const { manager = "somebody", time } = drift.by ?? {};
  const reason = `Kept from the cluster, where ${manager} set it${time ? ` at ${time}` : ""}`;
  const patch = { kind: object.kind, name: patchName(object), reason, patch: body };
  const values = { ...agent.values, patches: [patch] };
  return patchProblems(values, agent.package).length === 0 ? patch : undefined;
}

/** The value below the steps that lead to it; undefined inside a list whose items have no names. */
function nest([step, ...rest]: readonly string[], value: unknown, beside: unknown): unknown {
  if (step === undefined) return value;
  if (!Array.isArray(beside)) {
    const inner = nest(rest, value, isPlainMap(beside) ? beside[step] : undefined);
    return inner === undefined ? undefined : { [step]: inner };
  }
  const key = listKey(beside);
  // A list of patches cannot say that an item is gone.
  if (key === undefined || (rest.length === 0 && value === null)) return undefined;
  const inner = nest(rest, value, beside[indexOfItem(beside, key, step)]);
  return isPlainMap(inner) ? [{ [key]: step, ...inner }] : undefined;
}

/** One patch for each object and author. */
function gather(patches: readonly Patch[]): readonly Patch[] {
  const gathered = new Map<string, Patch>();
  for (const patch of patches) {
    const key = JSON.stringify([patch.kind, patch.name, patch.reason]);
    const before = gathered.get(key);
    const body = before ? (join(before.patch, patch.patch) as PlainMap) : patch.patch;
    gathered.set(key, { ...patch, patch: body });
  }
  return [...gathered.values()];
}

function join(below: unknown, value: unknown): unknown {
  if (isPlainMap(below) && isPlainMap(value)) {
    const keys = new Set([...Object.keys(below), ...Object.keys(value)]);
    return Object.fromEntries([...keys].map((key) => [key, join(below[key], value[key])]));
  }
  if (!Array.isArray(below) || !Array.isArray(value)) return value === undefined ? below : value;
  const key = listKey([...below.slice(0, 1), ...value.slice(0, 1)]) ?? listKey(value) ?? "name";
  const changed = below.map((item) => {
    const index = isPlainMap(item) ? indexOfItem(value, key, item[key]) : -1;
    return index < 0 ? item : join(item, value[index]);
  });
  const isNew = (item: unknown) => !isPlainMap(item) || indexOfItem(below, key, item[key]) < 0;
  return [...changed, ...value.filter(isNew)];
}

function addPatches(text: string, { values }: Agent, patches: readonly Patch[]): string {
  const document = parseDocument(text);
  if (isSeq(document.getIn(["patches"]))) {
    for (const patch of patches) document.addIn(["patches"], document.createNode(patch));
    return document.toString({ lineWidth: 0 });
  }
  // The list of a higher layer replaces that of a lower one.
  const added = { patches: [...values.patches, ...patches] };
  if (isMap(document.contents) && !document.contents.flow && !document.has("patches")) {
    return `${text.trimEnd()}\n\n${stringify(added, { lineWidth: 0 })}`;
  }
  return stringify({ ...document.toJS(), ...added }, { lineWidth: 0 });
}
