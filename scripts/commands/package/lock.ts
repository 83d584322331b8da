import { command } from "../../command.ts";

export const packageLockCommand = command<{ agent: string | undefined; frozen: boolean }>({
  command: "package lock [agent]",
  describe: "Resolve what packages depend on, and write the digests to dependencies.lock.json",
  builder: (yargs) =>
    yargs
      .positional("agent", {
        type: "string",
        describe: "A folder under infra/packages  [default: all of them]",
      })
      .option("frozen", {
        type: "boolean",
        default: false,
        describe: "Change nothing; exit code 3 when a lock is not what it should be",
      })
      .example("$0 package lock --frozen", "Check the locks of all packages, as CI does"),
  run: async ({ agent, frozen }, { print, signal }) => {
    const { lockPackage, lockAll } = await import("../../../infra/artifact/lock.ts");
    const packages =
      agent === undefined
        ? await lockAll(frozen, signal)
        : [await lockPackage(agent, frozen, signal)];
    const lines = packages.flatMap(({ agent: name, dependencies, changed }) => [
      `${name}: ${dependencies.length} locked${changed ? ", lock file changed" : ""}`,
      ...dependencies.map((one) => `  ${one.name} ${one.version} ${one.digest}`),
    ]);
    print({ packages }, lines.join("\n"));
  },
});
