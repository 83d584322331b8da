import type { StackSummary } from "../../infra/deploy/summary.ts";
import { command } from "../command.ts";

export const deployCommand = command<{ environment: string; newest?: string }>({
  command: "deploy <environment>",
  describe: "Bring a stack to what its files say, and follow the rollout",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .option("newest", {
        type: "string",
        requiresArg: true,
        describe: "Branch such as origin/main: when it has a newer release, leave it to that one",
      })
      .example("$0 deploy dev", "Deploy what stacks/dev says")
      .example("$0 deploy staging --newest origin/main", "In a queue of CI runs"),
  run: async ({ environment, newest }, { report, print, signal }) => {
    if (newest !== undefined) {
      const { newerCommit } = await import("../../infra/adapters/git.ts");
      const superseded = await newerCommit(newest, [`stacks/${environment}/*/release.json`]);
      if (superseded !== undefined) {
        const text = `superseded: ${newest} (${superseded.slice(0, 12)}) releases something newer to ${environment}`;
        return print({ stack: environment, superseded }, text);
      }
    }
    const { findUnchanged } = await import("../../infra/deploy/unchanged.ts");
    const unchanged = await findUnchanged(environment);
    if (unchanged) {
      const { summary } = unchanged;
      const text = `${environment} is unchanged, and the cluster is as its files say`;
      return print({ ...summary, changes: [] }, `${text}\n${renderAgents(summary)}`);
    }
    const { deploy } = await import("../../infra/deploy/deploy.ts");
    const result = await deploy({ stack: environment, report, signal });
    const count = result.changes.length;
    const text = `${environment} is deployed: ${count === 1 ? "1 change" : `${count} changes`}`;
    print(result, `${text}\n${renderAgents(result)}`);
  },
});

function renderAgents({ agents }: StackSummary): string {
  return agents
    .map(
      ({ name, version, address, forward }) =>
        `  ${name} ${version}  ${address ?? forward ?? "serves nobody"}`,
    )
    .join("\n");
}
