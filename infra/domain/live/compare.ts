import type { KubernetesObject } from "../manifests/object.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { sameQuantity } from "../quantity.ts";

/** A field that is not live as it was set. */
export interface Difference {
  /** Such as `spec.template.spec.containers[agent].image`. */
  readonly path: string;
  /** What was set, as JSON. Never there for Secrets. */
  readonly desired?: string;
  /** What is there instead, as JSON; absent when nothing is. Never there for Secrets. */
  readonly live?: string;
}

/**
 * Whether a live object still holds every field that was set. Fields that were never set, such as
 * defaults, status and what other owners added, are not looked at.
 *
 * Quantities are equal when they are the same amount. Lists whose items have names are compared by
 * name, other lists item by item.
 *
 * An object that is absent differs at the path "", one that is being deleted at its deletion time.
 *
 * @param live the object as the API server returns it, or undefined when there is none.
 * @param limit number of differences after which the rest is not looked for. @default 5
 * @returns the first differences; none means that all fields hold.
 */
export function compareObject(
  desired: KubernetesObject,
  live: unknown,
  limit = 5,
): readonly Difference[] {
  if (live === undefined) return [{ path: "" }];
  if (isGoing(live)) return [{ path: "metadata.deletionTimestamp" }];
  const show = desired.kind !== "Secret";
  const differences: Difference[] = [];
  for (const [path, wanted, found] of divergences("", desired, live)) {
    differences.push(show ? { path, ...texts(wanted, found) } : { path });
    if (differences.length >= limit) break;
  }
  return differences;
}

function isGoing(live: unknown): boolean {
  const metadata = isPlainMap(live) ? live.metadata : undefined;
  return isPlainMap(metadata) && metadata.deletionTimestamp !== undefined;
}

type Divergence = readonly [path: string, desired: unknown, live: unknown];

function* divergences(path: string, desired: unknown, live: unknown): Generator<Divergence> {
  if (desired === undefined || isEmpty(desired, live)) return;
  if (Array.isArray(desired)) yield* listDivergences(path, desired, live);
  else if (isPlainMap(desired)) yield* mapDivergences(path, desired, live);
  else if (!sameScalar(path, desired, live)) yield [path, desired, live];
}

function* mapDivergences(path: string, desired: PlainMap, live: unknown): Generator<Divergence> {
  if (!isPlainMap(live)) return yield [path, desired, live];
  for (const [key, wanted] of Object.entries(desired)) {
    const found = Object.hasOwn(live, key) ? live[key] : undefined;
    yield* divergences(path === "" ? key : `${path}.${key}`, wanted, found);
  }
}

function* listDivergences(
  path: string,
  desired: readonly unknown[],
  live: unknown,
): Generator<Divergence> {
  if (!Array.isArray(live)) return yield [path, desired, live];
  if (desired.every(isNamed)) {
    for (const item of desired) {
      const found = live.find((candidate) => isNamed(candidate) && candidate.name === item.name);
      yield* divergences(`${path}[${item.name}]`, item, found);
    }
    return;
  }
  if (desired.length !== live.length) return yield [path, desired, live];
  for (const [index, item] of desired.entries()) {
    yield* divergences(`${path}[${index}]`, item, live[index]);
  }
}

/** Fields whose values are quantities, which the API server writes in a form of its own. */
const quantityField =
  /(^|\.)(requests|limits|hard|sizeLimit|default|defaultRequest|max|min)(\.|\[|$)/;

function sameScalar(path: string, desired: unknown, live: unknown): boolean {
  if (desired === live) return true;
  if (live === undefined || !quantityField.test(path)) return false;
  return sameQuantity(String(desired), String(live));
}

/** The API server drops maps and lists without content, and gives none where there are none. */
function isEmpty(desired: unknown, live: unknown): boolean {
  if (live !== undefined && live !== null) return false;
  if (Array.isArray(desired)) return desired.length === 0;
  return isPlainMap(desired) && Object.keys(desired).length === 0;
}

function texts(desired: unknown, live: unknown) {
  return {
    desired: JSON.stringify(desired),
    ...(live !== undefined && { live: JSON.stringify(live) }),
  };
}

function isNamed(value: unknown): value is PlainMap & { readonly name: string } {
  return isPlainMap(value) && typeof value.name === "string";
}
