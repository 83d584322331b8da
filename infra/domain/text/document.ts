import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  visit,
} from "yaml";
import type { Problem } from "../errors.ts";

/** Where a value stands: keys and list indices from the root of the document. */
export type Path = readonly (string | number)[];

/** A YAML or JSON file that the user wrote, with the place of every value in it. */
export interface SourceDocument {
  readonly file: string;
  /** The content as plain data; an empty file is an empty object. */
  readonly value: unknown;
  /** What is wrong with the text itself. When there is any, `value` is undefined. */
  readonly problems: readonly Problem[];
  /** A problem at the value at `path`, or at its nearest parent that is in the file. */
  problemAt(path: Path, message: string): Problem;
  /** Whether the file itself says something at `path`. */
  has(path: Path): boolean;
}

/** More than any sensible file of ours, and little enough to be read in a blink whatever it holds. */
const maxCharacters = 100_000;

/** Open lists and maps at one place. The parser calls itself for each and would exhaust the stack. */
const maxDepth = 64;

/**
 * Reads one YAML 1.2 document. JSON is a subset of it.
 *
 * Duplicate keys and several documents in one file are problems, and so is what no file of ours
 * needs: aliases, of which a few lines can stand for gigabytes; keys that are lists or maps; more
 * than 64 levels; more than 100,000 characters.
 */
export function readDocument(file: string, text: string): SourceDocument {
  const excess = excessOf(text);
  if (excess !== undefined) {
    return { ...readDocument(file, ""), value: undefined, problems: [{ file, message: excess }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, message };
  };
  const problems = textProblems(document, at);
  const find = (path: Path) => document.getIn(path, true);
  return {
    file,
    value: problems.length === 0 ? (document.toJS() ?? {}) : undefined,
    problems,
    problemAt: (path, message) => at(nearestOffset(path, find), message),
    has: (path) => document.hasIn(path),
  };
}

function excessOf(text: string): string | undefined {
  if (text.length > maxCharacters) return `the file is longer than ${maxCharacters} characters`;
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // The parser works while its results are taken, which are of no interest here.
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > maxDepth) return `the file nests more than ${maxDepth} levels`;
  }
  return undefined;
}

function textProblems(
  document: Document.Parsed,
  at: (offset: number, message: string) => Problem,
): Problem[] {
  const found = [...document.errors, ...document.warnings];
  const problems = found.map(({ pos, message }) => at(pos[0], firstLine(message)));
  visit(document, {
    Alias: (_key, node) => {
      problems.push(at(offsetOf(node), "aliases are not supported; write the value out"));
    },
    Pair: (_key, { key }) => {
      if (isCollection(key)) problems.push(at(offsetOf(key), "a key must be plain text"));
    },
  });
  return problems;
}

/** Where the key is written, or the item of a list; else the same of its nearest parent. */
function nearestOffset(path: Path, find: (path: Path) => unknown): number {
  for (let length = path.length; length > 0; length--) {
    const parent = find(path.slice(0, length - 1));
    const key = path[length - 1];
    const own = isMap(parent)
      ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key
      : find(path.slice(0, length));
    if (isNode(own)) return offsetOf(own);
  }
  return 0;
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
