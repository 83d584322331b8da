import type { ExplainedValues } from "../../../infra/adapters/configuration.ts";
import type { Derivation } from "../../../infra/domain/config/derived.ts";
import type { Statement } from "../../../infra/domain/config/explain.ts";
import { command } from "../../command.ts";
import { brief } from "./brief.ts";

interface ExplainArguments {
  readonly environment: string;
  readonly agent: string;
  readonly key?: string;
  readonly set?: readonly string[];
}

export const configExplainCommand = command<ExplainArguments>({
  command: "config explain <environment> <agent> [key]",
  describe: "Show which layer, file and line decided a value, and what it hid",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .positional("agent", { type: "string", demandOption: true, describe: "Name of an agent" })
      .positional("key", { type: "string", describe: "Such as resources.limits; else all keys" })
      .options({
        set: {
          type: "string",
          array: true,
          requiresArg: true,
          describe: "key.path=value that wins over every file",
        },
      })
      .example(
        "$0 config explain prod fastapi-agent resources.limits",
        "Who set the limits in prod",
      ),
  run: async ({ environment, agent, key, set }, { print }) => {
    const { explainValues } = await import("../../../infra/adapters/configuration.ts");
    const asked = { agent, ...(key !== undefined && { key }), ...(set && { set }) };
    const { precedence, values } = await explainValues(environment, asked);
    const texts = values.map(key === undefined ? renderLine : renderExplanation);
    print(
      { environment, agent, precedence, values },
      [`${precedence.join(" < ")}\n`, ...texts].join("\n"),
    );
  },
});

type Explained = ExplainedValues["values"][number];

/** One key in a list of many. */
function renderLine({ key, value, decided, derived }: Explained): string {
  const shown = value ?? derived?.value;
  const origin = derived ? `derived: ${derived.rule}` : decided ? placeOf(decided) : "nowhere";
  return `${key} = ${shown === undefined ? "(not set)" : brief(shown)}   ${origin}`;
}

/** One key with all that is known of it. */
function renderExplanation({ key, value, decided, hidden, derived, secret }: Explained): string {
  const shown = value ?? derived?.value;
  const verb = value === undefined ? "removed by" : "set by";
  return [
    `${key} = ${shown === undefined ? "(not set)" : brief(shown)}`,
    ...(decided ? [`  ${verb} ${placeOf(decided)}`] : []),
    ...hidden.map((statement) => `  hides ${said(statement)} of ${placeOf(statement)}`),
    ...(derived ? renderDerivation(derived) : []),
    ...(secret === undefined ? [] : [`  the secret: ${secret}`]),
    ...(decided || derived ? [] : ["  no layer sets it"]),
  ].join("\n");
}

function renderDerivation({ rule, from }: Derivation): readonly string[] {
  return [
    `  derived: ${rule}`,
    ...from.map(
      ({ key, value, file, line, column }) =>
        `  from ${key} = ${brief(value)} of ${[file, line, column].join(":")}`,
    ),
  ];
}

function said(statement: Statement): string {
  return "value" in statement ? brief(statement.value) : "a removal";
}

function placeOf({ layer, line, column }: Statement): string {
  return [layer, line, column].filter((part) => part !== undefined).join(":");
}
