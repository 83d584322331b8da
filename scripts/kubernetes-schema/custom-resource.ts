import { addField, type Types } from "./fields.ts";
import type { Definition } from "./swagger.ts";

/** Adds the type of a custom resource in one minor version, and a type for each map of keys in it. */
export function addCustomResource(
  types: Types,
  name: string,
  minors: readonly number[],
  schema: Definition,
): void {
  const { properties = {}, required = [] } = schema;
  for (const [field, inner] of Object.entries(properties)) {
    const type = typeOf(types, `${name}${capital(field)}`, minors, inner);
    const top = { metadata: "ObjectMeta", status: "any" }[field];
    for (const minor of minors) {
      addField(types, name, field, minor, {
        type: top ?? type,
        required: required.includes(field),
      });
    }
  }
}

function typeOf(types: Types, name: string, minors: readonly number[], schema: Definition): string {
  const { type, items, properties, additionalProperties, enum: choices } = schema;
  if (schema["x-kubernetes-int-or-string"]) return "intOrString";
  if (type === "array") return `[]${typeOf(types, name, minors, items ?? {})}`;
  if (properties) {
    addCustomResource(types, name, minors, schema);
    return name;
  }
  if (typeof additionalProperties === "object") {
    return `{}${typeOf(types, name, minors, additionalProperties)}`;
  }
  if (type === "object") return "any";
  return choices ? `(${[...choices].sort().join("|")})` : (type ?? "any");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
