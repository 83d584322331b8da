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

/** The words that name a command: `package lint` of `package lint [agent]`. */
export function nameOf(command: string): string {
  return command.replace(/ [<[].*$/, "");
}

function findCommand({ argv, commands }: Usage): string | undefined {
  const words = argv.filter((word) => !word.startsWith("-"));
  return commands.find((command) => {
    const name = nameOf(command).split(" ");
    return name.every((word, index) => word === words[index]);
  });
}

/** The names that could stand where a misspelt one stands. */
function candidates({ argv, commands }: Usage): readonly string[] {
  const [first] = argv.filter((word) => !word.startsWith("-"));
  const names = commands.map(nameOf);
  const group = names.filter((name) => name.startsWith(`${first} `));
  return group.length > 0
    ? group.map((name) => name.slice(`${first} `.length))
    : [...new Set(names.map((name) => name.split(" ")[0] ?? name))];
}

function unknown(text: string, usage: Usage, command: string | undefined): string | undefined {
  const names = /^Unknown (?:arguments?|commands?): (.*)$/s.exec(text)?.[1]?.split(", ");
  if (!names) return undefined;
  // Beside the word itself, yargs lists how it would spell it in camel case.
  const typed = usage.argv.filter((word) =>
    names.some((name) => word.replace(/^-+/, "").split("=")[0] === name),
  );
  // Of a command that does not exist, nothing else can be judged.
  const misspelt = command ? undefined : commandWord(usage);
  const refused = misspelt === undefined ? typed : [misspelt];
  return refused.map((word) => explain(word, usage, command)).join("\n") || text;
}

/** The word that should have named a command: after a group's name, the second one. */
function commandWord({ argv, commands }: Usage): string | undefined {
  const [first, second] = argv.filter((word) => !word.startsWith("-"));
  const isGroup = commands.some((command) => nameOf(command).startsWith(`${first} `));
  return isGroup ? second : first;
}

function explain(word: string, usage: Usage, command: string | undefined): string {
  if (word.startsWith("-")) {
    const [option = ""] = word.split("=");
    const known = usage.options.map((name) => `--${name}`);
    return `there is no option ${option}${didYouMean(option, known)}`;
  }
  if (command) return `${nameOf(command)} takes no "${word}"`;
  return `there is no command "${word}"${didYouMean(word, candidates(usage))}`;
}

function missing(text: string, command: string | undefined): string | undefined {
  const option = /^Not enough arguments following: (\S+)/.exec(text)?.[1];
  if (option) return `--${option} needs a value`;
  if (!command || !text.startsWith("Not enough non-option arguments")) return undefined;
  return `${nameOf(command)} needs ${command.slice(nameOf(command).length + 1)}`;
}

function invalid(text: string): string | undefined {
  const found = [...text.matchAll(/Argument: (\S+), Given: "(.*?)", Choices: (.*)/g)];
  const lines = found.map(([, name, given = "", choices = ""]) => {
    const known = [...choices.matchAll(/"(.*?)"/g)].map(([, choice = ""]) => choice);
    return `${name} cannot be "${given}", only ${known.join(", ")}${didYouMean(given, known)}`;
  });
  return lines.join("\n") || undefined;
}
