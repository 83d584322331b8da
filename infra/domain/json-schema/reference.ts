import { isPlainMap } from "../plain-map.ts";
import { type JsonSchema, subschemas } from "./json-schema.ts";

/**
 * The schema that a reference inside the same file means: `#`, `#/$defs/name` or `#anchor`.
 * Undefined when there is none.
 *
 * Nothing of a schema has an identity of its own, so a dynamic reference means the same place
 * whatever it is reached through.
 */
export function resolveReference(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (!reference.startsWith("#")) return undefined;
  const fragment = decode(reference.slice(1));
  if (fragment === undefined) return undefined;
  const found =
    fragment === "" || fragment.startsWith("/")
      ? pointed(root, fragment.split("/").slice(1))
      : anchored(root, fragment);
  return isPlainMap(found) || typeof found === "boolean" ? found : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
function pointed(root: unknown, tokens: readonly string[]): unknown {
  return tokens
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((value, key) => {
      const has = typeof value === "object" && value !== null && Object.hasOwn(value, key);
      return has ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
    }, root);
}

function anchored(schema: unknown, name: string): unknown {
  if (!isPlainMap(schema)) return undefined;
  if (schema.$anchor === name || schema.$dynamicAnchor === name) return schema;
  for (const { schema: inner } of subschemas(schema)) {
    const found = anchored(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
