import type { Argv } from "yargs";
import type { Report } from "../infra/adapters/report.ts";

/** Exit codes, the same for every command. */
export const exitCodes = { done: 0, bug: 1, user: 2, refused: 3, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What every command has of the world outside its arguments. */
export interface Context {
  /** Progress, for a person, on standard error. */
  readonly report: Report;
  /**
   * Prints the result on standard output: the text for a person, or with `--json` the value and
   * nothing else. A command calls it once. A long text may come in pieces.
   */
  readonly print: (value: unknown, text: string | Iterable<string>) => void;
  /** Aborted by the first Ctrl-C, or by SIGTERM. */
  readonly signal: AbortSignal;
  /** Asks a yes-or-no question when there is a terminal and no `--yes`; else answers yes. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Asks for a line of text. `otherwise` is what an empty answer means, and what `--yes` or no terminal gives. */
  readonly ask: (question: string, otherwise: string) => Promise<string>;
}

/** Options that every command takes. */
export interface CommonArguments {
  readonly json: boolean;
  readonly yes: boolean;
}

/** One command of the command line. Its handler imports what it needs, so that others start fast. */
export interface Command<A> {
  readonly command: string;
  readonly describe: string;
  readonly builder: (yargs: Argv<CommonArguments>) => unknown;
  /** Returns the exit code when it is not that of a command that is done. */
  readonly run: (
    args: A & CommonArguments,
    context: Context,
  ) => Promise<ExitCode | undefined> | Promise<void>;
}

/** Keeps the type of a command's arguments, as its `builder` declares them. */
export function command<A>(definition: Command<A>): Command<A> {
  return definition;
}
