import { command } from "../command.ts";
import { remoteBranch } from "../remote-branch.ts";

interface RecordArguments {
  readonly environment: string;
  readonly branch: string;
}

export const recordCommand = command<RecordArguments>({
  command: "record <environment>",
  describe: "Push what commands wrote of an environment here: releases and evidence",
  builder: (yargs) =>
    yargs
      .positional("environment", {
        type: "string",
        demandOption: true,
        describe: "Such as staging",
      })
      .option("branch", {
        type: "string",
        default: "origin/main",
        requiresArg: true,
        describe: "Remote and branch; made when it is not there",
      })
      .example("$0 record staging", "After deploy and verify, also when they failed"),
  run: async ({ environment, branch }, { print }) => {
    const { recordEnvironment } = await import("../../infra/deploy/record-remote.ts");
    const commit = await recordEnvironment(environment, remoteBranch(branch));
    const text =
      commit === undefined
        ? `${branch} knows all of ${environment} already`
        : `${branch} has what ${environment} runs: ${commit.slice(0, 12)}`;
    print({ environment, branch, commit }, text);
  },
});
