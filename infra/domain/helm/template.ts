import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { renderYaml } from "../render/yaml.ts";

/** Plain data of which some parts are template actions. */
export type Node =
  | string
  | number
  | boolean
  | null
  | Action
  | readonly Node[]
  | { readonly [key: string]: Node };

/**
 * A part that Helm fills in. Its only key cannot be one of a Kubernetes object.
 *
 * - `inline` stands for a scalar.
 * - `block` stands for a map or a list, and in a map or a list for some of its entries.
 * - `control` is there only if its head says so, such as `if .Values.x`. Among the entries of a map it
 *   holds the value of its key; among the items of a list it holds items; `null` is none of them.
 */
export type Action =
  | { readonly "{{": "inline" | "block"; readonly text: string }
  | { readonly "{{": "control"; readonly head: string; readonly body: Node };

/** In a map, the key of a `block` that stands for some of its entries. */
export const entries = "...";

export const inline = (text: string): Action => ({ "{{": "inline", text });

export const block = (text: string): Action => ({ "{{": "block", text });

export const control = (head: string, body: Node): Action => ({ "{{": "control", head, body });

export function isAction(node: Node | undefined): node is Action {
  return isPlainMap(node) && "{{" in node;
}

/** The text of a template. */
export function renderTemplate(node: Node): string {
  return [...lines(node, 0)].map((line) => `${line}\n`).join("");
}

/** How a template names a value of the chart: `.Values.a.b`, or by `index` where a key has a dash. */
export function reference(...path: readonly string[]): string {
  if (path.every((key) => /^[A-Za-z_]\w*$/.test(key))) return [".Values", ...path].join(".");
  return `(index .Values ${path.map((key) => JSON.stringify(key)).join(" ")})`;
}

function lines(node: Node, indent: number): Iterable<string> {
  if (isAction(node) || Array.isArray(node)) return items([node].flat(), indent);
  return map(node as PlainMap, indent);
}

function* map(node: PlainMap, indent: number): Generator<string> {
  const pad = " ".repeat(indent);
  for (const [key, value] of Object.entries(node) as [string, Node][]) {
    if (isAction(value) && value["{{"] === "control") {
      if (value.body === null) continue;
      yield `${pad}{{- ${value.head} }}`;
      yield* entry(key, value.body, indent);
      yield `${pad}{{- end }}`;
    } else yield* entry(key, value, indent);
  }
}

function* entry(key: string, value: Node, indent: number): Generator<string> {
  const pad = " ".repeat(indent);
  if (isAction(value) && value["{{"] === "block") {
    const isEntries = key === entries;
    if (!isEntries) yield `${pad}${scalar(key)}:`;
    yield filled(value.text, isEntries ? indent : indent + 2);
  } else if (isAction(value) && value["{{"] === "inline") {
    yield `${pad}${scalar(key)}: {{ ${value.text} }}`;
  } else if (isFilled(value)) {
    yield `${pad}${scalar(key)}:`;
    yield* lines(value, indent + 2);
  } else yield* beside(`${pad}${scalar(key)}:`, value, pad);
}

function* items(node: readonly Node[], indent: number): Generator<string> {
  const pad = " ".repeat(indent);
  for (const item of node) {
    if (!isAction(item)) yield* listItem(item, indent);
    else if (item["{{"] === "control") {
      if (item.body === null) continue;
      yield `${pad}{{- ${item.head} }}`;
      yield* lines(item.body, indent);
      yield `${pad}{{- end }}`;
    } else {
      yield item["{{"] === "block" ? filled(item.text, indent) : `${pad}- {{ ${item.text} }}`;
    }
  }
}

function* listItem(item: Node, indent: number): Generator<string> {
  const pad = " ".repeat(indent);
  if (!isFilled(item)) yield* beside(`${pad}-`, item, pad);
  else {
    const [first = "", ...rest] = lines(item, indent + 2);
    yield `${pad}- ${first.slice(indent + 2)}`;
    yield* rest;
  }
}

function filled(text: string, indent: number): string {
  return `${" ".repeat(indent)}{{- ${text} | nindent ${indent} }}`;
}

function isFilled(node: Node): boolean {
  return typeof node === "object" && node !== null && Object.keys(node).length > 0;
}

/** A scalar behind its key or dash; lines of text stand below it. */
function* beside(key: string, value: Node, pad: string): Generator<string> {
  const [first, ...rest] = scalar(value).split("\n");
  yield `${key} ${first}`;
  for (const line of rest) yield line === "" ? "" : `${pad}${line}`;
}

/** A scalar with what would open an action written as one that prints it. */
function scalar(value: Node): string {
  return renderYaml(value).replace(/\n$/, "").replaceAll("{{", '{{ "{{" }}');
}
