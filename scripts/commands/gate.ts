import type { GateResult } from "../../infra/deploy/gate.ts";
import { command } from "../command.ts";

export const gateCommand = command<{ base: string }>({
  command: "gate",
  describe: "See whether the releases of a change may be merged; exit code 3 when not",
  builder: (yargs) =>
    yargs
      .option("base", {
        type: "string",
        default: "origin/main",
        requiresArg: true,
        describe: "Commit or branch that it would be merged into",
      })
      .example("$0 gate --base origin/main", "In a pull request, and in the merge queue"),
  run: async ({ base }, { print }) => {
    const { checkGate } = await import("../../infra/deploy/gate.ts");
    const result = await checkGate(base);
    print(result, render(result));
  },
});

function render({ environment, releases }: GateResult): string {
  if (environment === undefined) return "nothing is released by this";
  const lines = releases.map(({ agent, version, image }) => `  ${agent} ${version}  ${image}`);
  return [`this may be released to ${environment}:`, ...lines].join("\n");
}
