import type { PlainMap } from "../plain-map.ts";

/**
 * Plain data as YAML that every parser reads alike, YAML 1.1 ones too, and that is the same for
 * equal data: keys sorted by code unit, whatever could be taken for something else in quotes, text
 * of several lines as a block. What is undefined is left out.
 *
 * A general library takes several times as long for it, and its output changes with its version.
 */
export function renderYaml(value: unknown): string {
  const text = after(value, "");
  return text.startsWith("\n") ? text.slice(1) : text.trimStart();
}

/** Several documents in one stream, each after its own `---`. */
export function renderDocuments(values: readonly unknown[]): string {
  return values.map((value) => `---\n${renderYaml(value)}`).join("");
}

/** What follows `key:` or `-` on the same line, and the lines below it, which `indent` is before. */
function after(value: unknown, indent: string): string {
  if (Array.isArray(value) && value.length > 0) return `\n${list(value, indent)}`;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const lines = map(value as PlainMap, indent);
    return lines === "" ? " {}\n" : `\n${lines}`;
  }
  return ` ${scalar(value, indent)}\n`;
}

function map(value: PlainMap, indent: string): string {
  let lines = "";
  for (const key of Object.keys(value).sort()) {
    const inner = value[key];
    if (inner === undefined) continue;
    // A list stands below its key without an indent of its own.
    const below = Array.isArray(inner) ? indent : `${indent}  `;
    lines += `${indent}${line(key)}:${after(inner, below)}`;
  }
  return lines;
}

function list(items: readonly unknown[], indent: string): string {
  const below = `${indent}  `;
  return items
    .map((item) => {
      const text = after(item, below);
      // The first line of a map or list stands beside the dash.
      return text.startsWith("\n")
        ? `${indent}- ${text.slice(1 + below.length)}`
        : `${indent}-${text}`;
    })
    .join("");
}

function scalar(value: unknown, indent: string): string {
  if (Array.isArray(value)) return "[]";
  if (typeof value !== "string") return JSON.stringify(value);
  return isBlock(value) ? block(value, indent) : line(value);
}

/** Lines that a literal block keeps to the letter without an indicator of its indent. */
function isBlock(text: string): boolean {
  return text.includes("\n") && /^[^\s].*[^\n]\n?$/s.test(text) && !needsEscape.test(text);
}

function block(text: string, indent: string): string {
  const lines = text.replace(/\n$/, "").split("\n");
  const below = indent === "" ? "  " : indent;
  const body = lines.map((one) => (one === "" ? "" : `${below}${one}`)).join("\n");
  return `|${text.endsWith("\n") ? "" : "-"}\n${body}`;
}

/** A text on one line. */
function line(text: string): string {
  if (plain.test(text) && !takenForAnother.test(text)) return text;
  return JSON.stringify(text).replace(escaped, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Words, paths, image names and quantities. */
const plain = /^([A-Za-z_/][A-Za-z0-9_./@+-]*(:[A-Za-z0-9_./@+-]+)*|[0-9]+(m|[KMGT]i))$/;

/** What YAML 1.1 takes for a truth value or nothing. */
const takenForAnother = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** Line breaks of YAML 1.1, and what a parser may refuse; JSON leaves them as they are. */
const escaped = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a block cannot hold.
const needsEscape = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
