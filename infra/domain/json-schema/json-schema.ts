import type { PlainMap } from "../plain-map.ts";

/** A JSON Schema 2020-12 that somebody else wrote: https://json-schema.org/draft/2020-12 */
export type JsonSchema = boolean | PlainMap;

/** What each keyword takes. Keywords that are not here say nothing about a value. */
export const keywords = {
  additionalProperties: "schema",
  contains: "schema",
  else: "schema",
  if: "schema",
  items: "schema",
  not: "schema",
  propertyNames: "schema",
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: "schema",
  unevaluatedItems: "schema",
  unevaluatedProperties: "schema",
  allOf: "schemas",
  anyOf: "schemas",
  oneOf: "schemas",
  prefixItems: "schemas",
  $defs: "schemaMap",
  definitions: "schemaMap",
  dependentSchemas: "schemaMap",
  patternProperties: "schemaMap",
  properties: "schemaMap",
  maxContains: "count",
  maxItems: "count",
  maxLength: "count",
  maxProperties: "count",
  minContains: "count",
  minItems: "count",
  minLength: "count",
  minProperties: "count",
  exclusiveMaximum: "number",
  exclusiveMinimum: "number",
  maximum: "number",
  minimum: "number",
  multipleOf: "divisor",
  deprecated: "boolean",
  readOnly: "boolean",
  uniqueItems: "boolean",
  writeOnly: "boolean",
  required: "texts",
  dependentRequired: "textsMap",
  pattern: "pattern",
  type: "type",
  enum: "list",
  examples: "list",
  const: "anything",
  default: "anything",
  $anchor: "text",
  $comment: "text",
  $dynamicAnchor: "text",
  $dynamicRef: "reference",
  $id: "identity",
  $ref: "reference",
  $schema: "dialect",
  contentEncoding: "text",
  contentMediaType: "text",
  contentSchema: "schema",
  description: "text",
  format: "text",
  title: "text",
} as const;

/** The schemas directly inside another one, with the keys that lead to them. */
export function* subschemas(
  schema: PlainMap,
): Generator<{ readonly path: readonly (string | number)[]; readonly schema: unknown }> {
  for (const [keyword, kind] of Object.entries(keywords)) {
    if (!Object.hasOwn(schema, keyword)) continue;
    const value = schema[keyword];
    if (kind === "schema") yield { path: [keyword], schema: value };
    const many = kind === "schemas" || kind === "schemaMap";
    if (!many || typeof value !== "object" || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      yield { path: [keyword, kind === "schemas" ? Number(key) : key], schema: inner };
    }
  }
}
