import { RefusedError } from "../../infra/domain/errors.ts";
import { command } from "../command.ts";

export const unlockCommand = command<{ environment: string; force: boolean }>({
  command: "unlock <environment>",
  describe: "Say who has a stack, and take away locks that were left behind",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .options({
        force: {
          type: "boolean",
          default: false,
          describe: "Take the lock of a process that may still run; asks first",
        },
      })
      .example("$0 unlock prod", "Exit code 3 when a process has prod")
      .example("$0 unlock prod --force", "It ran on a host that is gone"),
  run: async ({ environment, force }, { print, report, confirm }) => {
    const { findLocks, heldError } = await import("../../infra/deploy/unlock.ts");
    const { describeHolder } = await import("../../infra/deploy/lock.ts");
    const { holders, ended } = await findLocks(environment);
    for (const owner of ended) report(`cleared, as it has ended: ${describeHolder(owner)}`);
    if (holders.length === 0) {
      return print({ stack: environment, removed: ended }, `Nobody has ${environment}`);
    }
    if (!force) throw heldError(environment, holders);
    for (const { owner } of holders) report(describeHolder(owner));
    if (!(await confirm("If it still runs, two will write at once. Take the lock away?"))) {
      throw new RefusedError("not-confirmed", "The lock stays");
    }
    for (const { remove } of holders) await remove();
    const others = (await findLocks(environment)).holders;
    if (others.length > 0) throw heldError(environment, others);
    const removed = [...ended, ...holders.map(({ owner }) => owner)];
    print({ stack: environment, removed }, `Nobody has ${environment} any more`);
  },
});
