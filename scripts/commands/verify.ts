import { command, exitCodes } from "../command.ts";

export const verifyCommand = command<{ environment: string; agent?: string }>({
  command: "verify <environment> [agent]",
  describe: "See that what was released runs and answers as it should; exit code 3 when not",
  builder: (yargs) =>
    yargs
      .positional("environment", {
        type: "string",
        demandOption: true,
        describe: "Such as staging",
      })
      .positional("agent", { type: "string", describe: "Only this one" })
      .example("$0 verify staging", "Let staging's releases go on to prod"),
  run: async ({ environment, agent }, { report, print, signal }) => {
    const { verify } = await import("../../infra/deploy/verify.ts");
    const options = { stack: environment, report, signal, ...(agent && { agent }) };
    const { verified, rolledBack } = await verify(options);
    const lines = verified.flatMap(({ agent: name, version, checks, failures }) => [
      `${name} ${version} in ${environment}: ${failures.length === 0 ? `${checks} checks passed` : "failed"}`,
      ...failures.map((line) => `  ${line}`),
    ]);
    print(
      { verified, rolledBack },
      [...lines, ...rolledBack].join("\n") || `nothing was released to ${environment}`,
    );
    const failed = verified.some(({ failures }) => failures.length > 0);
    return failed ? exitCodes.refused : exitCodes.done;
  },
});
