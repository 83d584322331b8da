import { command } from "../command.ts";
import { remoteBranch } from "../remote-branch.ts";

interface RecallArguments {
  readonly environment: string;
  readonly branch: string;
}

export const recallCommand = command<RecallArguments>({
  command: "recall <environment>",
  describe: "Fetch what record pushed of an environment: releases and evidence",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .option("branch", {
        type: "string",
        default: "origin/main",
        requiresArg: true,
        describe: "Remote and branch",
      })
      .example("$0 recall dev --branch origin/slipway-dev", "Go on where another run ended"),
  run: async ({ environment, branch }, { print }) => {
    const { recallEnvironment } = await import("../../infra/deploy/record-remote.ts");
    const files = await recallEnvironment(environment, remoteBranch(branch));
    const text = files.map((file) => `  ${file}`);
    print(
      { environment, branch, files },
      [`from ${branch}: ${files.length} files`, ...text].join("\n"),
    );
  },
});
