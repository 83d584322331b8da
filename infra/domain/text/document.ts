import {
  Composer,
  type CST,
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  type Node,
  Parser,
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

/** Open lists and maps at one place. The composer calls itself for each and would exhaust the stack. */
const maxDepth = 64;

/**
 * Reads one YAML 1.2 document. JSON is a subset of it.
 *
 * Duplicate keys and several documents in one file are problems, and so is what no file of ours
 * needs: aliases, of which a few lines can stand for gigabytes; keys that are lists or maps; more
 * than 64 levels; more than 100,000 characters.
 */
export function readDocument(file: string, text: string): SourceDocument {
  const written = readOwnJson(text);
  const { value, problems } = written ? { value: written, problems: [] } : compose(file, text);
  // Places are asked for when something is wrong. Until then the text says as much as its tree, in
  // a tenth of the memory.
  let tree: Composed | undefined;
  const composed = () => {
    tree ??= compose(file, text);
    return tree;
  };
  return {
    file,
    value,
    problems,
    problemAt: (path, message) => {
      const { at, find } = composed();
      return at(nearestOffset(path, find), message);
    },
    has: (path) => composed().find(path) !== undefined,
  };
}

/** What a text means that Slipway itself wrote as JSON; nothing else has exactly its layout. */
function readOwnJson(text: string): unknown {
  if (!text.startsWith("{") || text.length > maxCharacters) return undefined;
  try {
    const value = JSON.parse(text);
    return `${JSON.stringify(value, null, 2)}\n` === text ? value : undefined;
  } catch {
    return undefined;
  }
}

interface Composed {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** A problem at an offset of the text. */
  readonly at: (offset: number, message: string) => Problem;
  /** The node at a path, or undefined. */
  readonly find: (path: Path) => unknown;
}

function compose(file: string, text: string): Composed {
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if (typeof tokens === "string") {
    return { ...compose(file, ""), value: undefined, problems: [{ file, message: tokens }] };
  }
  const at = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, message };
  };
  const [document, second] = new Composer().compose(tokens, true, text.length);
  if (document === undefined) throw new Error("the YAML composer gave no document");
  const problems = textProblems(document, at);
  if (second !== undefined) problems.push(at(second.range[0], "a second document in one file"));
  return {
    value: problems.length === 0 ? (document.toJS() ?? {}) : undefined,
    problems,
    at,
    find: (path) => document.getIn(path, true),
  };
}

/** The text in tokens, or what is excessive about it. */
function tokensOf(text: string, lines: LineCounter): readonly CST.Token[] | string {
  if (text.length > maxCharacters) return `the file is longer than ${maxCharacters} characters`;
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > maxDepth) return `the file nests more than ${maxDepth} levels`;
  }
  return [...tokens, ...parser.end()];
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
