import { command } from "../command.ts";

interface RollbackArguments {
  environment: string;
  agent: string;
  to?: string;
  reason: string;
}

export const rollbackCommand = command<RollbackArguments>({
  command: "rollback <environment> <agent>",
  describe: "Run an earlier release again, as it was, and keep the current one out",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .positional("agent", {
        type: "string",
        demandOption: true,
        describe: "Such as fastapi-agent",
      })
      .options({
        to: { type: "string", describe: "Hash of a release, or its beginning; the last good one" },
        reason: {
          type: "string",
          default: "rolled back by hand",
          describe: "What is wrong with the current release; it is recorded",
        },
      })
      .example("$0 rollback prod fastapi-agent", "Run the last good release again"),
  run: async ({ environment, agent, to, reason }, { report, print, signal }) => {
    const [{ lockStack }, { rollBack }, { deploy }] = await Promise.all([
      import("../../infra/deploy/lock.ts"),
      import("../../infra/deploy/roll-back.ts"),
      import("../../infra/deploy/deploy.ts"),
    ]);
    const lock = await lockStack(environment, "rollback");
    const options = { environment, agent, reason, ...(to && { to }) };
    const { release, restores } = await rollBack(options).finally(() => lock.release());
    report(`${agent} goes back to ${release.version} (${release.hash}) in ${environment}`);
    const deployment = await deploy({ stack: environment, report, signal });
    const what = restores.join(", ") || "nothing that differs";
    const text = `${environment} runs ${agent} ${release.version} again; it got back: ${what}`;
    print({ release, restores, changes: deployment.changes }, text);
  },
});
