import { parse } from "dotenv";
import { type Problem, refuseProblems } from "../errors.ts";

const blank = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
const name = /[^\S\n]*(?:export[^\S\n]+)?([^\s=#'"`]+)[^\S\n]*=[^\S\n]*/y;
const quoted = /(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
const plain = /[^\n]*(?:\n|$)/y;
const validName = /^[A-Z_][A-Z0-9_]*$/;

/**
 * Reads an env file as dotenv does, and refuses what dotenv would skip or change without a word:
 * lines that are no assignment, unclosed quotes, a `#` that would cut an unquoted value short, a key
 * that appears twice. Neither the process environment nor any other file is touched.
 *
 * @throws {UserError} `invalid-input` with every problem and its line, never with a value.
 */
export function parseEnvFile(file: string, text: string): Readonly<Record<string, string>> {
  const normal = text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
  const problems: Problem[] = [];
  const keys = new Set<string>();
  for (const entry of entries(normal)) {
    const message = entry.message ?? nameProblem(entry.key, keys);
    if (message !== undefined) problems.push({ file, line: entry.line, message });
    if (entry.key !== undefined) keys.add(entry.key);
  }
  refuseProblems(
    problems,
    `write each line as KEY=value, or KEY='value' around special characters`,
  );
  return parse(normal);
}

interface Entry {
  readonly line: number;
  readonly key?: string;
  readonly message?: string;
}

/** What stands in the text, entry by entry; a quoted value may span lines. */
function* entries(text: string): Generator<Entry> {
  let offset = 0;
  let line = 1;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    if (match === null) return null;
    offset = pattern.lastIndex;
    line += match[0].split("\n").length - 1;
    return match;
  };
  while (offset < text.length) {
    if (take(blank)) continue;
    const start = line;
    const key = take(name)?.[1];
    if (key === undefined) {
      take(plain);
      yield { line: start, message: "not a KEY=value line" };
    } else if (take(quoted)) {
      yield { line: start, key };
    } else {
      const message = plainProblem(take(plain)?.[0] ?? "");
      yield { line: start, key, ...(message !== undefined && { message }) };
    }
  }
}

function plainProblem(value: string): string | undefined {
  if (/^['"`]/.test(value)) return "the quotes are not closed, or text follows them";
  if (/\S#/.test(value)) return "an unquoted value ends at #; put the value in quotes";
  return undefined;
}

function nameProblem(key: string | undefined, seen: ReadonlySet<string>): string | undefined {
  if (key === undefined) return undefined;
  // Whoever pastes a bare secret with a = in it must not find it in a log.
  if (!validName.test(key))
    return "the key must be capital letters, digits and _, not starting with a digit";
  if (seen.has(key)) return `${key} is set twice`;
  return undefined;
}
