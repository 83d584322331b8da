import { command } from "../../command.ts";

export const configCheckCommand = command<unknown>({
  command: "config check",
  describe: "Check the files of every environment and every package, all problems at once",
  builder: (yargs) => yargs.example("$0 config check", "Before a commit, or in CI"),
  run: async (_, { print }) => {
    const { checkConfiguration } = await import("../../../infra/adapters/configuration.ts");
    const checked = await checkConfiguration();
    const { environments, packages } = checked;
    print(checked, `sound: ${environments.join(", ")}; packages ${packages.join(", ")}`);
  },
});
