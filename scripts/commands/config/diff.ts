import type { Difference, SecretComparison } from "../../../infra/domain/config/diff.ts";
import { command, exitCodes } from "../../command.ts";
import { brief } from "./brief.ts";

interface DiffArguments {
  readonly left: string;
  readonly right: string;
  readonly agent?: string;
}

export const configDiffCommand = command<DiffArguments>({
  command: "config diff <left> <right>",
  describe:
    "Compare what two environments resolve to; exit code 3 when they differ where they may not",
  builder: (yargs) =>
    yargs
      .positional("left", { type: "string", demandOption: true, describe: "Such as staging" })
      .positional("right", { type: "string", demandOption: true, describe: "Such as prod" })
      .options({ agent: { type: "string", requiresArg: true, describe: "Only this agent" } })
      .example(
        "$0 config diff staging prod",
        "allowedDifferences in stacks/pipeline.yaml may differ",
      ),
  run: async ({ left, right, agent }, { print }) => {
    const { diffEnvironments } = await import("../../../infra/deploy/config-diff.ts");
    const { differences, secrets } = await diffEnvironments(left, right, agent);
    const refused = [
      ...differences,
      ...secrets.filter(({ verdict }) => verdict === "different"),
    ].filter(({ allowed }) => !allowed).length;
    const head = `${left} | ${right}: ${differences.length} differences, ${refused} not allowed`;
    const lines = [...differences.map(renderDifference), ...secrets.map(renderSecret)];
    print({ left, right, differences, secrets, refused }, [head, ...lines].join("\n"));
    return refused === 0 ? exitCodes.done : exitCodes.refused;
  },
});

function renderDifference({ name, left, right, allowed }: Difference): string {
  return `${allowed ? " " : "!"} ${name}: ${shown(left)} | ${shown(right)}`;
}

function renderSecret({ name, verdict, left, right, allowed }: SecretComparison): string {
  const mark = verdict === "different" && !allowed ? "!" : " ";
  return `${mark} ${name}: ${left} | ${right} (${verdict})`;
}

function shown(value: unknown): string {
  return value === undefined ? "(not set)" : brief(value);
}
