import { listKey } from "../named-list.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import type { Location } from "./compare.ts";

/** Who wrote fields of an object, from its `managedFields`. */
export interface Writer {
  /** Such as `kubectl-edit`. */
  readonly manager: string;
  readonly operation: string;
  /** Such as `scale`. */
  readonly subresource?: string;
  /** RFC 3339. */
  readonly time?: string;
}

/** The fields of one writer. */
export interface OwnedFields {
  readonly writer: Writer;
  /** In the form of FieldsV1. */
  readonly fields: PlainMap;
}

/** A field that somebody owns. */
export interface OwnedField {
  /** As `compareObject` writes it. */
  readonly path: string;
  readonly live: unknown;
}

/**
 * Reads who owns which fields of a live object.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function ownedFields(live: unknown): readonly OwnedFields[] {
  const metadata = isPlainMap(live) ? live.metadata : undefined;
  const entries = isPlainMap(metadata) ? metadata.managedFields : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.filter(isPlainMap).flatMap((entry) => {
    const { manager, operation, subresource, time, fieldsV1 } = entry;
    if (typeof manager !== "string" || !isPlainMap(fieldsV1)) return [];
    const writer: Writer = {
      manager,
      operation: String(operation),
      ...(typeof subresource === "string" && { subresource }),
      ...(typeof time === "string" && { time }),
    };
    return [{ writer, fields: fieldsV1 }];
  });
}

/** Whether the value at a place of a live object, or something in it, belongs to these fields. */
export function owns(fields: PlainMap, live: unknown, at: Location): boolean {
  const [step, ...rest] = at;
  // A field without parts is owned as a whole, and so is what is in it.
  if (step === undefined || isWhole(fields)) return true;
  const next = child(live, step);
  return Object.entries(fields).some(
    ([key, inner]) => isPlainMap(inner) && leadsTo(key, step, next) && owns(inner, next, rest),
  );
}

/**
 * The fields that are owned and live, but that were never set. A list item is told as a whole, a
 * map key by key.
 */
export function* ownedBeyond(
  fields: PlainMap,
  desired: unknown,
  live: unknown,
  path = "",
): Generator<OwnedField> {
  for (const [key, inner] of Object.entries(fields)) {
    const step = isPlainMap(inner) && stepOf(key, live);
    if (step === undefined || step === false || !isPlainMap(inner)) continue;
    const found = child(live, step);
    const wanted = counterpart(desired, key, step, found);
    const place = pathOf(path, step, live);
    const isItem = typeof step === "number";
    if (wanted === undefined && (isItem || isWhole(inner))) yield { path: place, live: found };
    else if (!isWhole(inner)) yield* ownedBeyond(inner, wanted, found, place);
  }
}

/** `{}` or `{".": {}}`: no part of the value has an owner of its own. */
function isWhole(fields: PlainMap): boolean {
  return Object.keys(fields).every((key) => key === ".");
}

function child(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return typeof step === "number" ? value[step] : undefined;
  if (!isPlainMap(value) || typeof step === "number") return undefined;
  return Object.hasOwn(value, step) ? value[step] : undefined;
}

/**
 * Whether a key of FieldsV1 means this step: `f:` a key of a map, `k:` the item of a list that has
 * these keys, `v:` the item of a set with this value, `i:` an index.
 */
function leadsTo(key: string, step: string | number, value: unknown): boolean {
  const [kind, text] = [key.slice(0, 2), key.slice(2)];
  if (typeof step === "string") return kind === "f:" && text === step;
  if (kind === "i:") return Number(text) === step;
  if (kind === "v:") return JSON.stringify(value) === text;
  return kind === "k:" && hasKeys(value, text, false);
}

/** Where a key of FieldsV1 leads in a live value; undefined when nothing is there any more. */
function stepOf(key: string, live: unknown): string | number | undefined {
  if (isPlainMap(live)) {
    const name = key.slice(2);
    return key.startsWith("f:") && Object.hasOwn(live, name) ? name : undefined;
  }
  if (!Array.isArray(live)) return undefined;
  const index = live.findIndex((item, at) => leadsTo(key, at, item));
  return index < 0 ? undefined : index;
}

/** What was set where `live` is. An item that was set may leave out keys that have a default. */
function counterpart(desired: unknown, key: string, step: string | number, live: unknown): unknown {
  if (!Array.isArray(desired)) return typeof step === "string" ? child(desired, step) : undefined;
  if (key.startsWith("k:")) return desired.find((item) => hasKeys(item, key.slice(2), true));
  if (key.startsWith("i:")) return desired[Number(key.slice(2))];
  return desired.find((item) => JSON.stringify(item) === JSON.stringify(live));
}

function hasKeys(item: unknown, text: string, mayLackSome: boolean): boolean {
  const keys: unknown = JSON.parse(text);
  if (!isPlainMap(keys) || !isPlainMap(item)) return false;
  const own = Object.entries(keys).filter(([name]) => !mayLackSome || Object.hasOwn(item, name));
  return own.length > 0 && own.every(([name, value]) => item[name] === value);
}

function pathOf(parent: string, step: string | number, live: unknown): string {
  if (typeof step === "string") return parent === "" ? step : `${parent}.${step}`;
  const items = Array.isArray(live) ? live : [];
  const key = listKey(items);
  return `${parent}[${key === undefined ? step : items[step][key]}]`;
}
