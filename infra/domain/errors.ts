/**
 * Something the user can fix: wrong input, a missing tool, a dead cluster. Ends the command with
 * exit code 2.
 *
 * `message` says what was found and where; `hint` is the next command or edit, ready to type;
 * `code` is stable and kebab-case, so that tests and scripts match it and not the prose.
 */
export class UserError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** The request is sound but a gate says no: a lock that another run holds, drift. Exit code 3. */
export class RefusedError extends UserError {}

/** One thing wrong in a file the user wrote. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Nobody reads more problems than these before correcting the first. */
const maxProblems = 50;

/** A file may hold a key or a value that fills the screen, and a message may repeat it. */
const maxMessageLength = 1000;

/**
 * Throws one error that lists every problem, the first 50 of very many, or returns when there is
 * none.
 */
export function refuseProblems(problems: readonly Problem[], hint?: string): void {
  if (problems.length === 0) return;
  const lines = problems.slice(0, maxProblems).map((problem) => `  ${textOf(problem)}`);
  if (problems.length > maxProblems) lines.push(`  and ${problems.length - maxProblems} more`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new UserError("invalid-input", `${count} found\n${lines.join("\n")}`, hint);
}

function textOf({ file, line, column, message }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const text = printable(message);
  return `${place}: ${text.length > maxMessageLength ? `${text.slice(0, maxMessageLength)}…` : text}`;
}

/** What a file holds must not command the terminal that shows it. */
function printable(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Bidi_C}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
