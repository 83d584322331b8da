import type { PlainMap } from "../plain-map.ts";
import { renderYaml } from "../render/yaml.ts";
import { closed, type Schema } from "../text/schema.ts";
import { describedValues } from "./described-values.ts";

/** The chart's values.yaml: every value, in a fixed order, below what it is for. */
export function renderValues(values: PlainMap): string {
  return Object.entries(describedValues)
    .filter(([key]) => Object.hasOwn(values, key))
    .map(([key, { comment }]) => {
      const lines = comment === "" ? "" : `\n${comment.replaceAll(/^/gm, "# ")}\n`;
      return `${lines}${renderYaml({ [key]: values[key] })}`;
    })
    .join("")
    .trimStart();
}

/** The JSON Schema of a chart that has these values. Helm refuses any others. */
export function renderValuesSchema(values: PlainMap): string {
  const own = Object.entries(describedValues)
    .filter(([key]) => Object.hasOwn(values, key))
    .map(([key, { schema }]) => [key, schema] as const);
  // Helm adds the values that a parent chart shares with all of its charts.
  const properties: Record<string, Schema> = {
    ...Object.fromEntries(own),
    global: { type: "object" },
  };
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...closed(properties, []),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
