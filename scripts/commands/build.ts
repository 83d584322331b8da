import { command } from "../command.ts";

export const buildCommand = command<{ agent: string }>({
  command: "build <agent>",
  describe: "Build and push an agent's image once, and release it to the first environment",
  builder: (yargs) =>
    yargs
      .positional("agent", {
        type: "string",
        demandOption: true,
        describe: "A folder under infra/packages",
      })
      .example("$0 build fastapi-agent", "Build the sample agent and release it to dev"),
  run: async ({ agent }, { report, print, signal }) => {
    const { buildRelease } = await import("../../infra/build/release.ts");
    const { release, file, changed } = await buildRelease({ agent, report, signal });
    const what = changed ? "is built and pushed" : "is unchanged";
    print({ release, file, changed }, `${agent} ${what}\n  ${release.image}\n  ${file}`);
  },
});
