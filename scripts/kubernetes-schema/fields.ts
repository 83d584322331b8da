/** A field of a type in every release of Kubernetes that was read. */
export interface Field {
  /** `string`, `integer`, `[]T`, `{}T`, a type's name, or `(A|B)` for a choice. */
  type: string;
  required: boolean;
  /** Minor versions that have it. */
  readonly minors: Set<number>;
}

/** Types by their short name, each with its fields. */
export type Types = Map<string, Map<string, Field>>;

/** What one minor version says of a field. */
export interface Found {
  readonly type: string;
  readonly required: boolean;
}

/**
 * Adds what one minor version says of a field. A field is required when every version requires it,
 * and a choice is open to every value that some version knows.
 */
export function addField(types: Types, type: string, name: string, minor: number, found: Found) {
  const fields = types.get(type) ?? new Map<string, Field>();
  types.set(type, fields);
  const known = fields.get(name);
  if (known === undefined) {
    fields.set(name, { ...found, minors: new Set([minor]) });
    return;
  }
  known.type = unite(known.type, found.type, `${type}.${name}`);
  known.required &&= found.required;
  known.minors.add(minor);
}

function unite(one: string, other: string, where: string): string {
  if (one === other) return one;
  const all = [one, other];
  const choices = all.map((type) => /^((?:\[\]|\{\})*)\((.*)\)$/.exec(type));
  const [first, second] = choices;
  if (first && second) {
    const values = [...new Set([first, second].flatMap(([, , list = ""]) => list.split("|")))];
    return `${first[1]}(${values.sort().join("|")})`;
  }
  // A choice that another version leaves open is open.
  if (choices.some(Boolean) && all.some((type) => type.endsWith("string"))) {
    return one.endsWith("string") ? one : other;
  }
  throw new Error(`${where} is ${one} in one version and ${other} in another`);
}

/** The fields of a type on one line: `name!@since-until:type`, as `infra/domain/kubernetes/types.ts` reads them. */
export function renderFields(
  fields: ReadonlyMap<string, Field>,
  minors: readonly number[],
): string {
  return [...fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, field]) => `${name}${field.required ? "!" : ""}${life(field, minors)}:${field.type}`,
    )
    .join(" ");
}

function life({ minors }: Field, all: readonly number[]): string {
  const sorted = [...minors].sort((a, b) => a - b);
  const [since, until] = [sorted[0], sorted.at(-1)];
  const from = since === all[0] ? "" : since;
  const to = until === all.at(-1) ? "" : `-${until}`;
  return from === "" && to === "" ? "" : `@${from}${to}`;
}
