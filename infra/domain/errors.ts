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

/** Throws one error that lists every problem, or returns when there is none. */
export function refuseProblems(problems: readonly Problem[], hint?: string): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  ${place(problem)}: ${problem.message}`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new UserError("invalid-input", `${count} found\n${lines.join("\n")}`, hint);
}

function place({ file, line, column }: Problem): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}
