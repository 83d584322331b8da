import { isPlainMap, type PlainMap } from "../plain-map.ts";

/**
 * Plain data as YAML that every parser reads alike, YAML 1.1 ones too, and that is the same for
 * equal data: keys sorted by code unit, whatever could be taken for something else in quotes, text
 * of several lines as a block. What is undefined is left out.
 *
 * A general library takes several times as long for it, and its output changes with its version.
 */
export function renderYaml(value: unknown): string {
  const parts: string[] = [];
  if (isBranch(value)) addBranch(value, "", "", parts);
  else parts.push(scalar(value, ""), "\n");
  return parts.join("");
}

/** Several documents in one stream, each after its own `---`. */
export function renderDocuments(values: readonly unknown[]): string {
  return values.map((value) => `---\n${renderYaml(value)}`).join("");
}

/** A map or list that has lines of its own. */
type Branch = PlainMap | readonly unknown[];

function isBranch(value: unknown): value is Branch {
  if (Array.isArray(value)) return value.length > 0;
  return isPlainMap(value) && Object.values(value).some((inner) => inner !== undefined);
}

/** Adds the lines of a map or list; `first` stands before the first of them in place of `indent`. */
function addBranch(value: Branch, first: string, indent: string, parts: string[]): void {
  let before = first;
  if (Array.isArray(value)) {
    for (const item of value) {
      parts.push(before, "-");
      if (isBranch(item)) addBranch(item, " ", `${indent}  `, parts);
      else parts.push(" ", scalar(item, `${indent}  `), "\n");
      before = indent;
    }
    return;
  }
  const map = value as PlainMap;
  for (const key of Object.keys(map).sort()) {
    const inner = map[key];
    if (inner === undefined) continue;
    parts.push(before, line(key), ":");
    // A list stands below its key without an indent of its own.
    const below = Array.isArray(inner) ? indent : `${indent}  `;
    if (isBranch(inner)) {
      parts.push("\n");
      addBranch(inner, below, below, parts);
    } else parts.push(" ", scalar(inner, `${indent}  `), "\n");
    before = indent;
  }
}

function scalar(value: unknown, indent: string): string {
  if (Array.isArray(value)) return "[]";
  if (isPlainMap(value)) return "{}";
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
