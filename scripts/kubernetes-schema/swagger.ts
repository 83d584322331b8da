import { addField, type Types } from "./fields.ts";

/** What the generator reads of an OpenAPI document. */
export interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly items?: Definition;
  readonly additionalProperties?: Definition | boolean;
  readonly enum?: readonly string[];
  readonly $ref?: string;
  readonly "x-kubernetes-int-or-string"?: boolean;
}

type Definitions = Readonly<Record<string, Definition>>;

/** Choices of text fields, by `Type.field`. */
export type Enums = ReadonlyMap<string, string>;

const wellKnown: Readonly<Record<string, string>> = {
  Quantity: "quantity",
  IntOrString: "intOrString",
  Time: "time",
  MicroTime: "time",
};

/** What a person never writes: it is left open. */
const open = new Set(["status", "managedFields", "ownerReferences"]);

/** Adds the types of one minor version that the roots, such as `io.k8s.api.apps.v1.Deployment`, reach. */
export function addTypes(
  types: Types,
  minor: number,
  {
    definitions,
    enums,
    roots,
  }: { definitions: Definitions; enums: Enums; roots: readonly string[] },
): void {
  const seen = new Map<string, string>();
  const reach = (reference: string): string => {
    const name = shortName(reference);
    const other = seen.get(name);
    if (other !== undefined && other !== reference) throw new Error(`${reference} and ${other}`);
    if (other !== undefined || wellKnown[name]) return wellKnown[name] ?? name;
    const { properties, required = [] } = definitions[reference] ?? {};
    if (!properties) return "any";
    seen.set(name, reference);
    for (const [field, inner] of Object.entries(properties)) {
      const type = open.has(field) ? "any" : typeOf(inner, enums.get(`${name}.${field}`), reach);
      addField(types, name, field, minor, { type, required: required.includes(field) });
    }
    return name;
  };
  for (const root of roots) reach(root);
}

function typeOf(
  definition: Definition,
  choices: string | undefined,
  reach: (reference: string) => string,
): string {
  const { $ref, type, items, additionalProperties } = definition;
  if ($ref) return reach($ref.replace("#/definitions/", ""));
  if (type === "array") return `[]${typeOf(items ?? {}, choices, reach)}`;
  if (type === "object") {
    return typeof additionalProperties === "object"
      ? `{}${typeOf(additionalProperties, undefined, reach)}`
      : "any";
  }
  return type === "string" && choices ? choices : (type ?? "any");
}

function shortName(reference: string): string {
  return reference.split(".").at(-1) ?? reference;
}

/**
 * Reads the choices of text fields from the generated Go source `zz_generated.openapi.go`, which
 * has them; the published OpenAPI documents leave them out.
 */
export function readEnums(source: string): Enums {
  const enums = new Map<string, string>();
  let type = "";
  let field = "";
  for (const line of source.split("\n")) {
    type = /^func schema_[a-z0-9_]+_([A-Z]\w*)\(/.exec(line)?.[1] ?? type;
    field = /^\t{5}"(\w+)": \{$/.exec(line)?.[1] ?? field;
    const values = /^\t+Enum: +\[\]interface\{\}\{(.*)\},$/.exec(line)?.[1];
    if (values === undefined) continue;
    const list = [...values.matchAll(/"([^"]*)"/g)].map(([, value = ""]) => value);
    // What an empty value, or one that no name can have, may stand for is left to the server.
    if (list.every((value) => /^[\w./-]+$/.test(value)))
      enums.set(`${type}.${field}`, `(${list.sort().join("|")})`);
  }
  return enums;
}
