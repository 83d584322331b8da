import type { Advance } from "../../../infra/deploy/advance.ts";
import { command } from "../../command.ts";
import { remoteBranch } from "../../remote-branch.ts";

export const pipelineAdvanceCommand = command<{ open?: string }>({
  command: "pipeline advance",
  describe: "Find every release that may go on to its next environment now",
  builder: (yargs) =>
    yargs
      .option("open", {
        type: "string",
        requiresArg: true,
        describe: "Open or update a pull request for each environment, against this branch",
      })
      .example("$0 pipeline advance", "What may go on, and why the rest may not")
      .example("$0 pipeline advance --open origin/main", "In CI: merging is the promotion"),
  run: async ({ open }, { print }) => {
    const { advance } = await import("../../../infra/deploy/advance.ts");
    const advances = await advance(open === undefined ? undefined : remoteBranch(open));
    print(advances, advances.map(render).join("\n"));
  },
});

function render({ to, ready, waiting, pullRequest }: Advance): string {
  const head = ready.length === 0 ? "nothing is ready" : ready.join(", ");
  return [
    `${to}: ${head}`,
    ...(pullRequest ? [`  ${pullRequest}`] : []),
    ...waiting.map((reason) => `  waits: ${reason.replaceAll("\n", "\n  ")}`),
  ].join("\n");
}
