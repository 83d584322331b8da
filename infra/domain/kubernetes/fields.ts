import { types } from "./types.generated.ts";

/** One field of a type of the Kubernetes API. */
export interface Field {
  /** A primitive, `[]T`, `{}T`, `(A|B)` or the name of a type. */
  readonly type: string;
  readonly required: boolean;
  /** First and last minor version that have it. */
  readonly since: number;
  readonly until: number;
}

const known = new Map<string, ReadonlyMap<string, Field>>();

/** The fields of a type by name, or undefined when there is no such type. */
export function fieldsOf(type: string): ReadonlyMap<string, Field> | undefined {
  const text = types[type];
  if (text === undefined) return undefined;
  // Read when it is first needed: an object touches a tenth of all types.
  const fields = known.get(type) ?? new Map(text.split(" ").map(readField));
  known.set(type, fields);
  return fields;
}

function readField(text: string): [string, Field] {
  const [, name = "", mark, since, until, type = ""] = shape.exec(text) ?? [];
  const bounds = { since: Number(since || 0), until: Number(until || Infinity) };
  return [name, { type, required: mark === "!", ...bounds }];
}

/** `name!@since-until:type`. */
const shape = /^([^!@:]+)(!?)(?:@(\d*)(?:-(\d+))?)?:(.+)$/;
