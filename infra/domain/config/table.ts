import type { JsonSchema } from "../json-schema/json-schema.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import type { Schema } from "../text/schema.ts";
import { mergeLayer } from "../values/merge.ts";
import { valuesSchema } from "../values/schema.ts";
import { defaultValues } from "../values/values.ts";
import { lookUp } from "./keys.ts";
import { valuesTitles } from "./titles.ts";

/** One line of the table of a package's values. */
interface Row {
  readonly key: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
}

const marks = {
  begin: "<!-- values: written by slipway config docs -->",
  end: "<!-- end of values -->",
} as const;

/**
 * A README with the table of a package's values in it, in place of the one that was there, or at its
 * end.
 *
 * @param values what the package's `values.yaml` says
 * @param own its `values.schema.json`, if it has one
 */
export function withValuesTable(readme: string, values: PlainMap, own: JsonSchema = true): string {
  const table = `${marks.begin}\n\n${renderTable(rows(values, own))}\n\n${marks.end}`;
  const [before, rest] = split(readme, marks.begin);
  const after = rest && split(rest, marks.end)[1];
  if (after !== undefined) return `${before}${table}${after}`;
  return `${readme.trimEnd()}${readme.trim() ? "\n\n" : ""}## Values\n\n${table}\n`;
}

function split(text: string, mark: string): readonly [string, string | undefined] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + mark.length)];
}

function rows(values: PlainMap, own: JsonSchema): readonly Row[] {
  const defaults = mergeLayer(defaultValues as unknown as PlainMap, values);
  return [...describe(valuesSchema, own, [], defaults)];
}

/**
 * The keys of a map one by one, down to what is no map. What the package adds to is gone through key
 * by key; of what neither has anything in it, one row says that there is such a thing.
 */
function* describe(
  schema: Schema,
  own: JsonSchema,
  path: readonly string[],
  defaults: PlainMap,
): Generator<Row> {
  const { properties = {}, additionalProperties } = schema;
  const value = lookUp(defaults, path);
  const keys = new Set([
    ...(path.length === 0 || value !== undefined ? Object.keys(properties) : []),
    ...(isPlainMap(value) ? Object.keys(value) : []),
    ...(typeof additionalProperties === "object" ? Object.keys(ownKeys(own)) : []),
  ]);
  if (keys.size === 0) yield row(schema, own, path, value);
  for (const key of keys) {
    const child = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (typeof child === "object") {
      yield* describe(child, ownKeys(own)[key] ?? true, [...path, key], defaults);
    }
  }
}

function ownKeys(own: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const keys = isPlainMap(own) ? own.properties : {};
  return (isPlainMap(keys) ? keys : {}) as Readonly<Record<string, JsonSchema>>;
}

function row(schema: Schema, own: JsonSchema, path: readonly string[], value: unknown): Row {
  const narrowed = isPlainMap(own) ? own : {};
  const described = [narrowed.description, narrowed.title, titleOf(path)];
  return {
    key: code(path.join(".")),
    type: typeOf(schema, narrowed),
    default: value === undefined ? "" : code(shown(value)),
    description: cell(described.find((text) => typeof text === "string") ?? ""),
  };
}

/** What a key means, also one of a map whose keys are free. */
function titleOf(path: readonly string[]): string | undefined {
  const name = Object.keys(valuesTitles).find((pattern) => {
    const steps = pattern.split(".");
    return (
      steps.length === path.length &&
      steps.every((step, index) => step === "*" || step === path[index])
    );
  });
  return name && valuesTitles[name];
}

function typeOf(schema: Schema, own: PlainMap): string {
  const choices = Array.isArray(own.enum) ? own.enum : schema.enum;
  if (choices) return choices.map((choice) => code(String(choice))).join(", ");
  if (typeof own.format === "string") return own.format;
  const types = [schema.type ?? "string"].flat();
  if (types.length > 1) return "quantity";
  return typeNames[types[0] ?? ""] ?? "text";
}

const typeNames: Readonly<Record<string, string>> = {
  array: "list",
  boolean: "true or false",
  integer: "whole number",
  object: "map",
};

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

function code(text: string): string {
  return text === "" ? "" : `\`${cell(text)}\``;
}

function cell(text: unknown): string {
  return String(text).replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

function renderTable(table: readonly Row[]): string {
  const head: Row = {
    key: "Key",
    type: "Type",
    default: "Default",
    description: "Meaning",
  };
  const widths = (["key", "type", "default", "description"] as const).map((column) => ({
    column,
    width: Math.max(...[head, ...table].map((line) => line[column].length)),
  }));
  const render = (line: Row) =>
    `| ${widths.map(({ column, width }) => line[column].padEnd(width)).join(" | ")} |`;
  const rule = `| ${widths.map(({ width }) => "-".repeat(width)).join(" | ")} |`;
  return [render(head), rule, ...table.map(render)].join("\n");
}
