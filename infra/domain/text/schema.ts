import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Problem } from "../errors.ts";
import type { Path, SourceDocument } from "./document.ts";
import { didYouMean } from "./nearest.ts";

/**
 * A JSON Schema 2020-12 in the subset that Slipway's files need.
 *
 * `description` completes the sentence "must be ..." when a value does not fit.
 */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly uniqueItems?: boolean;
  readonly minItems?: number;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The value may be a secret that was written into the wrong file: no message repeats it. */
  readonly writeOnly?: boolean;
}

/** An object with these keys and no others; all of them must be there unless `required` says less. */
export function closed(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = Object.keys(properties),
): Schema {
  return { type: "object", properties, required, additionalProperties: false };
}

/** An object with any keys that fit `names`, all values of one kind. */
export function mapOf(values: Schema, names: Schema): Schema {
  return { type: "object", additionalProperties: values, propertyNames: names };
}

/**
 * The schema of one layer of what `schema` describes: nothing is required, and `null` removes what
 * a lower layer says. Lists are replaced as a whole, so their items stay as they are.
 */
export function layerOf(schema: Schema): Schema {
  const { required: _, ...rest } = schema;
  return { ...rest, ...mapChildren(schema, (child) => nullable(layerOf(child))) };
}

/** Checks plain data, and says what is wrong where. Compiled on first use. */
export function checkerOf(schema: Schema): (value: unknown) => readonly SchemaProblem[] {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= compile(schema);
    return validate(value) ? [] : (validate.errors ?? []).flatMap((error) => explain(error));
  };
}

/** What a checker finds. */
export interface SchemaProblem {
  readonly path: Path;
  readonly message: string;
}

/** Every problem of a document: of its text or, when that is sound, of its content. */
export function documentProblems(
  document: SourceDocument,
  check: (value: unknown) => readonly SchemaProblem[],
): readonly Problem[] {
  if (document.problems.length > 0) return document.problems;
  return check(document.value).map(({ path, message }) => document.problemAt(path, message));
}

let compiler: Ajv2020 | undefined;

function compile(schema: Schema): ValidateFunction {
  compiler ??= new Ajv2020({
    allErrors: true,
    verbose: true,
    // A list of types is how a layer says "or null".
    strictTypes: false,
    // Compiling the schema of schemas would cost more than all of ours, which `Schema` checks.
    meta: false,
    validateSchema: false,
  });
  return compiler.compile(schema);
}

function mapChildren(schema: Schema, change: (child: Schema) => Schema): Schema {
  const { properties, additionalProperties } = schema;
  return {
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, child]) => [key, change(child)]),
      ),
    }),
    ...(typeof additionalProperties === "object" && {
      additionalProperties: change(additionalProperties),
    }),
  };
}

function nullable(schema: Schema): Schema {
  return {
    ...schema,
    ...(schema.type !== undefined && { type: [schema.type, "null"].flat() }),
    ...(schema.enum && { enum: [...schema.enum, null] }),
  };
}

function explain(error: ErrorObject): readonly SchemaProblem[] {
  const path = pathOf(error.instancePath);
  const key = describe(path);
  const schema = error.parentSchema as Schema;
  switch (error.keyword) {
    case "additionalProperties": {
      const unknown: string = error.params.additionalProperty;
      const known = Object.keys(schema.properties ?? {});
      const full = describe([...path, unknown]);
      return [
        {
          path: [...path, unknown],
          message: `unknown key "${full}"${didYouMean(unknown, known) || oneOf(known)}`,
        },
      ];
    }
    case "required": {
      const missing = [...path, error.params.missingProperty as string];
      return [{ path: missing, message: `"${describe(missing)}" is missing` }];
    }
    case "propertyNames": {
      const name: string = error.params.propertyName;
      const rule = schema.propertyNames?.description ?? "a valid key";
      return [
        {
          path: [...path, name],
          message: `"${describe([...path, name])}" has a bad key: it must be ${rule}`,
        },
      ];
    }
    default:
      // Each name that breaks `propertyNames` is reported twice: by its rule, and as a whole above.
      if (error.propertyName !== undefined) return [];
      return [
        {
          path,
          message: `"${key}" must be ${expectation(error, schema)}${schema.writeOnly ? "" : found(error)}`,
        },
      ];
  }
}

function oneOf(keys: readonly string[]): string {
  return keys.length === 0 ? "" : `; known are ${keys.join(", ")}`;
}

function expectation(error: ErrorObject, schema: Schema): string {
  if (schema.description !== undefined) return schema.description;
  switch (error.keyword) {
    case "enum":
      return `one of ${(schema.enum ?? []).filter((value) => value !== null).join(", ")}`;
    case "minimum":
    case "maximum":
      return `${schema.minimum ?? "any"} to ${schema.maximum ?? "any"}`;
    case "type":
      return typeNames([schema.type ?? "anything"].flat());
    case "minItems":
      return `a list of at least ${schema.minItems}`;
    case "uniqueItems":
      return "a list without repetition";
    default:
      return `valid (${error.message})`;
  }
}

function typeNames(types: readonly string[]): string {
  const names: Record<string, string> = {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    object: "a map of keys",
    array: "a list",
  };
  return types
    .filter((type) => type !== "null")
    .map((type) => names[type] ?? type)
    .join(" or ");
}

/** What stands there instead. Only short plain values: anything else tells the reader nothing. */
function found({ data }: ErrorObject): string {
  if (data === null) return ", found null";
  if (Array.isArray(data)) return ", found a list";
  if (typeof data === "object") return ", found a map of keys";
  // JSON has no word for the infinity that YAML makes of a number with too many digits.
  const text = typeof data === "number" ? String(data) : (JSON.stringify(data) ?? "nothing");
  return text.length <= 60 ? `, found ${text}` : `, found ${text.slice(0, 57)}..."`;
}

function pathOf(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function describe(path: Path): string {
  return path.length === 0 ? "the file" : path.join(".");
}
