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
