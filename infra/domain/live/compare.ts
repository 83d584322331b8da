import type { KubernetesObject } from "../manifests/object.ts";
import { indexOfItem, listKey } from "../named-list.ts";
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

/** Keys and list indices that lead to a value in a live object. */
export type Location = readonly (string | number)[];

/** A field that is not live as it was set, with the values themselves. */
export interface Divergence {
  /** As in a `Difference`. */
  readonly path: string;
  /** Where it is in the live object; its nearest parent there when nothing is. */
  readonly at: Location;
  readonly desired: unknown;
  readonly live: unknown;
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
  for (const { path, ...values } of divergences(desired, live)) {
    differences.push(show ? { path, ...texts(values) } : { path });
    if (differences.length >= limit) break;
  }
  return differences;
}

/** Whether an object is being deleted: it is there until its finalizers are done. */
export function isGoing(live: unknown): boolean {
  const metadata = isPlainMap(live) ? live.metadata : undefined;
  return isPlainMap(metadata) && metadata.deletionTimestamp !== undefined;
}

/** Every field that is not live as it was set, in the order of the desired object. */
export function divergences(desired: KubernetesObject, live: unknown): Iterable<Divergence> {
  return diverging({ path: "", at: [], desired, live });
}

function* diverging(pair: Divergence): Generator<Divergence> {
  const { path, desired, live } = pair;
  if (desired === undefined || isEmpty(desired, live)) return;
  if (Array.isArray(desired)) yield* divergingItems(pair, desired);
  else if (isPlainMap(desired)) yield* divergingKeys(pair, desired);
  else if (!sameScalar(path, desired, live)) yield pair;
}

function* divergingKeys(pair: Divergence, desired: PlainMap): Generator<Divergence> {
  const { path, at, live } = pair;
  if (!isPlainMap(live)) return yield pair;
  for (const [key, wanted] of Object.entries(desired)) {
    const inner = path === "" ? key : `${path}.${key}`;
    const found = Object.hasOwn(live, key) ? live[key] : undefined;
    const place = found === undefined ? at : [...at, key];
    yield* diverging({ path: inner, at: place, desired: wanted, live: found });
  }
}

function* divergingItems(pair: Divergence, desired: readonly unknown[]): Generator<Divergence> {
  const { path, at, live } = pair;
  if (!Array.isArray(live)) return yield pair;
  const key = listKey(desired);
  if (key !== undefined) {
    for (const item of desired as readonly PlainMap[]) {
      const index = indexOfItem(live, key, item[key]);
      const place = index < 0 ? at : [...at, index];
      yield* diverging({
        path: `${path}[${item[key]}]`,
        at: place,
        desired: item,
        live: live[index],
      });
    }
    return;
  }
  if (desired.length !== live.length) return yield pair;
  for (const [index, item] of desired.entries()) {
    yield* diverging({
      path: `${path}[${index}]`,
      at: [...at, index],
      desired: item,
      live: live[index],
    });
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

function texts({ desired, live }: { readonly desired: unknown; readonly live: unknown }) {
  return {
    desired: JSON.stringify(desired),
    ...(live !== undefined && { live: JSON.stringify(live) }),
  };
}
