import type { KubernetesObject } from "../manifests/object.ts";
import { type Divergence, divergences, isGoing } from "./compare.ts";
import { isExpected, isKnownOwner } from "./known-owners.ts";
import { type OwnedField, ownedBeyond, ownedFields, owns, type Writer } from "./managed-fields.ts";
import { objectKey, objectTitle } from "./object-key.ts";

/** One thing in the cluster that is not as the files say. */
export interface Drift {
  /**
   * `changed`: a field that was set holds something else. `added`: a field that was never set has
   * an owner. `missing`: an object is gone, or going. `unexpected`: an object that no file describes.
   */
  readonly kind: "changed" | "added" | "missing" | "unexpected";
  /** Such as `Deployment fastapi-agent`. */
  readonly object: string;
  /** Such as `spec.template.spec.containers[agent].image`. Absent when it is about the whole object. */
  readonly path?: string;
  /** What was set, as JSON. Never there for Secrets. */
  readonly desired?: string;
  /** What is there instead, as JSON. Never there for Secrets. */
  readonly live?: string;
  /**
   * Who did it. Absent where the cluster keeps no trace: a field or an object that was removed. The
   * engine, where the files have changed since the last deployment. Who made the object, where it is
   * another one in the place of the engine's.
   */
  readonly by?: Writer;
}

/** Whether fields were written by the engine's provider, which applies what the files said then. */
export function isEngine({ manager }: Writer): boolean {
  return /^pulumi-(resource-)?kubernetes/.test(manager);
}

/**
 * Everything in which the cluster differs from what the files say, and who wrote it there.
 *
 * Fields that other parts of Kubernetes are meant to write, such as status and the replicas of an
 * autoscaled Deployment, are no drift, and neither are objects that it makes by itself, nor
 * ConfigMaps and Secrets of earlier releases.
 *
 * @param live the objects of the stack's namespace, and the Namespace itself, with `managedFields`.
 */
export function driftOf(
  desired: readonly KubernetesObject[],
  live: readonly KubernetesObject[],
): readonly Drift[] {
  const found = new Map(live.map((object) => [objectKey(object), object]));
  const wanted = new Set(desired.map(objectKey));
  return [
    ...desired.flatMap((object) => objectDrift(object, found.get(objectKey(object)))),
    ...live
      .filter((object) => !wanted.has(objectKey(object)) && !isExpected(object, desired))
      .map(unexpected),
  ];
}

function objectDrift(
  desired: KubernetesObject,
  live: KubernetesObject | undefined,
): readonly Drift[] {
  const object = objectTitle(desired);
  if (live === undefined || isGoing(live)) return [{ kind: "missing", object }];
  const all = ownedFields(live);
  const owned = all.filter(({ writer }) => !isEngine(writer));
  const show = desired.kind !== "Secret";
  const maker = all.length === owned.length ? firstWriter(live) : undefined;
  const changed = [...divergences(desired, live)].map((divergence): Drift => {
    const { path, at } = divergence;
    const writer = (some: Owned) => latest(some.filter(({ fields }) => owns(fields, live, at)));
    const by = divergence.live === undefined ? maker : (writer(owned) ?? writer(all));
    return { kind: "changed", object, path, ...(show && values(divergence)), ...(by && { by }) };
  });
  const added = [...additions(desired, live, owned)].map(
    ([path, { field, by }]): Drift => ({
      kind: "added",
      object,
      path,
      ...(show && values({ live: field.live })),
      by,
    }),
  );
  return [...changed, ...added];
}

type Owned = ReturnType<typeof ownedFields>;

/** By path, each with the one who wrote it last. */
function additions(desired: KubernetesObject, live: KubernetesObject, owned: Owned) {
  const found = new Map<string, { readonly field: OwnedField; readonly by: Writer }>();
  for (const { writer, fields } of owned) {
    for (const field of ownedBeyond(fields, desired, live)) {
      const { path } = field;
      if (isKnownOwner(writer, path)) continue;
      const other = found.get(path)?.by;
      if (other === undefined || time(writer) > time(other)) found.set(path, { field, by: writer });
    }
  }
  return found;
}

function unexpected(object: KubernetesObject): Drift {
  const by = firstWriter(object);
  return { kind: "unexpected", object: objectTitle(object), ...(by && { by }) };
}

function firstWriter(object: KubernetesObject): Writer | undefined {
  const writers = ownedFields(object).map(({ writer }) => writer);
  // Status and scale come after the object, though often within the same second.
  const makers = writers.filter(({ subresource }) => subresource === undefined);
  return makers.sort((a, b) => (time(a) < time(b) ? -1 : 1))[0];
}

function latest(owned: Owned): Writer | undefined {
  return owned.map(({ writer }) => writer).reduce<Writer | undefined>(later, undefined);
}

function later(a: Writer | undefined, b: Writer): Writer {
  return a !== undefined && time(a) >= time(b) ? a : b;
}

/** The API server writes all of them in the same form and zone, so that they sort as text. */
function time({ time = "" }: Writer): string {
  return time;
}

function values({ desired, live }: Partial<Pick<Divergence, "desired" | "live">>) {
  return {
    ...(desired !== undefined && { desired: JSON.stringify(desired) }),
    ...(live !== undefined && { live: JSON.stringify(live) }),
  };
}
