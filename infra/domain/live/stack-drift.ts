import type { KubernetesObject } from "../manifests/object.ts";
import type { NeededSecret } from "../render/needed-secrets.ts";
import { type Drift, driftOf } from "./drift.ts";

/** What the files of a stack describe. */
export interface Described {
  /** The agents' own Secrets among them, without data. */
  readonly objects: readonly KubernetesObject[];
  /** Every Secret that has to be there. */
  readonly secrets: readonly NeededSecret[];
}

/**
 * Everything in which the cluster differs from the files of a stack: see `driftOf`. Secrets that
 * others make, such as the account of a registry, only have to be there, whatever they hold.
 */
export function stackDrift(
  { objects, secrets }: Described,
  live: readonly KubernetesObject[],
): readonly Drift[] {
  const names = (some: readonly KubernetesObject[]) =>
    new Set(some.filter(({ kind }) => kind === "Secret").map(({ metadata }) => metadata.name));
  const own = names(objects);
  const foreign = new Set(secrets.map(({ name }) => name).filter((name) => !own.has(name)));
  const present = names(live);
  const ours = live.filter(
    ({ kind, metadata }) => kind !== "Secret" || !foreign.has(metadata.name),
  );
  const absent = [...foreign].filter((name) => !present.has(name));
  return [
    ...driftOf(objects, ours),
    ...absent.map((name): Drift => ({ kind: "missing", object: `Secret ${name}` })),
  ];
}
