import type { KubernetesObject } from "../manifests/object.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { isEngine } from "./drift.ts";
import { type OwnedFields, ownedFields, type Writer } from "./managed-fields.ts";

/** How an object gets rid of what others did to it. */
export interface TakeBack {
  /** As whom to apply `object`. */
  readonly manager: string;
  /** The live object's `managedFields`, in which that manager owns what the others did. */
  readonly managedFields: readonly unknown[];
  /** What to apply then. Fields that the manager owns, and that are not in it, go. */
  readonly object: KubernetesObject;
}

/**
 * Takes an object back from these writers: applied as told, it holds what was set, and nothing that
 * they added. The engine alone would be refused where a writer still owns what it sets, and would
 * not look at what it never set.
 *
 * The number of pods stays, but without owner, so that an autoscaler decides on.
 *
 * @returns undefined when the engine has not made the object.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
 */
export function takeBack(
  desired: KubernetesObject,
  live: KubernetesObject,
  writers: readonly Writer[],
): TakeBack | undefined {
  const all = entries(live).map((entry) => ({ entry, ...ownedFieldsOf(entry) }));
  const engine = all.find(({ writer }) => writer && isEngine(writer));
  if (engine?.writer === undefined) return undefined;
  const isTaken = (writer: Writer | undefined) =>
    writer !== undefined && writers.some((other) => isSame(writer, other));
  const fieldsV1 = all
    // What was written through a subresource, such as scale, is no part of what is applied.
    .filter(({ writer }) => isTaken(writer) && writer?.subresource === undefined)
    .map(({ fields = {} }) => withoutReplicas(fields, desired))
    .reduce(unite, engine.fields ?? {});
  const managedFields = all.flatMap(({ entry, writer }) => {
    if (entry === engine.entry) return [{ ...entry, fieldsV1 }];
    return isTaken(writer) ? [] : [entry];
  });
  return { manager: engine.writer.manager, managedFields, object: asApplied(desired, live) };
}

/** A Secret's data are known to the cluster alone, and what the engine tells itself to the live object. */
function asApplied(desired: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const notes = Object.entries(live.metadata.annotations ?? {}).filter(([key]) =>
    key.startsWith("pulumi.com/"),
  );
  const annotations = { ...desired.metadata.annotations, ...Object.fromEntries(notes) };
  const { data } = live;
  return {
    ...desired,
    ...(desired.kind === "Secret" && data !== undefined && { data }),
    metadata: { ...desired.metadata, annotations },
  };
}

function entries({ metadata }: KubernetesObject): readonly PlainMap[] {
  const { managedFields } = metadata as { readonly managedFields?: readonly PlainMap[] };
  return managedFields ?? [];
}

function ownedFieldsOf(entry: PlainMap): Partial<OwnedFields> {
  return ownedFields({ metadata: { managedFields: [entry] } })[0] ?? {};
}

function isSame(a: Writer, b: Writer): boolean {
  return a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;
}

function withoutReplicas(fields: PlainMap, { spec }: KubernetesObject): PlainMap {
  const own = fields["f:spec"];
  if (!isPlainMap(own) || (isPlainMap(spec) && spec.replicas !== undefined)) return fields;
  const { "f:replicas": _, ...rest } = own;
  return { ...fields, "f:spec": rest };
}

/** All fields of both, in the form of FieldsV1. */
function unite(one: PlainMap, other: PlainMap): PlainMap {
  const both = Object.entries(other).map(([key, inner]) => {
    const own = one[key];
    return [key, isPlainMap(own) && isPlainMap(inner) ? unite(own, inner) : inner];
  });
  return { ...one, ...Object.fromEntries(both) };
}
