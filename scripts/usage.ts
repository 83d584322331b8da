import { UserError } from "../infra/domain/errors.ts";
import { didYouMean } from "../infra/domain/text/nearest.ts";

/** What the parser knows when it refuses a command line. */
export interface Usage {
  /** The command line without the program's name. */
  readonly argv: readonly string[];
  /** What each command takes, such as "deploy <environment>". */
  readonly commands: readonly string[];
  /** Names of what the command takes. */
  readonly options: readonly string[];
}

/**
 * Says what is wrong with a command line in the user's own words, with what was probably meant.
 *
 * @param text what yargs says about it
 */
export function usageError(text: string, usage: Usage): UserError {
  const command = findCommand(usage);
  const message =
    unknown(text, usage, command) ?? missing(text, command) ?? invalid(text) ?? text.trim();
  const name = command ? `${nameOf(command)} ` : "";
  return new UserError("usage", message, `npx slipway ${name}--help`);
}

const nameOf = (command: string) => command.split(" ")[0] ?? command;

function findCommand({ argv, commands }: Usage): string | undefined {
  const first = argv.find((word) => !word.startsWith("-"));
  return commands.find((command) => nameOf(command) === first);
}

function unknown(text: string, usage: Usage, command: string | undefined): string | undefined {
  const names = /^Unknown (?:arguments?|commands?): (.*)$/s.exec(text)?.[1]?.split(", ");
  if (!names) return undefined;
  // Beside the word itself, yargs lists how it would spell it in camel case.
  const typed = usage.argv.filter((word) =>
    names.some((name) => word.replace(/^-+/, "").split("=")[0] === name),
  );
  // Of a command that does not exist, nothing else can be judged.
  const misspelt = command ? undefined : typed.find((word) => !word.startsWith("-"));
  const refused = misspelt === undefined ? typed : [misspelt];
  return refused.map((word) => explain(word, usage, command)).join("\n") || text;
}

function explain(word: string, { commands, options }: Usage, command: string | undefined): string {
  if (word.startsWith("-")) {
    const [option = ""] = word.split("=");
    const known = options.map((name) => `--${name}`);
    return `there is no option ${option}${didYouMean(option, known)}`;
  }
  if (command) return `${nameOf(command)} takes no "${word}"`;
  return `there is no command "${word}"${didYouMean(word, commands.map(nameOf))}`;
}

function missing(text: string, command: string | undefined): string | undefined {
  const option = /^Not enough arguments following: (\S+)/.exec(text)?.[1];
  if (option) return `--${option} needs a value`;
  if (!command || !text.startsWith("Not enough non-option arguments")) return undefined;
  return `${nameOf(command)} needs ${command.split(" ").slice(1).join(" ")}`;
}

function invalid(text: string): string | undefined {
  const found = [...text.matchAll(/Argument: (\S+), Given: "(.*?)", Choices: (.*)/g)];
  const lines = found.map(([, name, given = "", choices = ""]) => {
    const known = [...choices.matchAll(/"(.*?)"/g)].map(([, choice = ""]) => choice);
    return `${name} cannot be "${given}", only ${known.join(", ")}${didYouMean(given, known)}`;
  });
  return lines.join("\n") || undefined;
}
