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
    const { findHolders, heldError } = await import("../../infra/deploy/unlock.ts");
    const holders = await findHolders(environment);
    const owners = holders.map(({ owner }) => owner);
    if (holders.length === 0) {
      return print({ stack: environment, removed: owners }, `Nobody has ${environment}`);
    }
    if (!force) throw heldError(environment, holders);
    for (const { description } of holders) report(description);
    if (!(await confirm("If it still runs, two will write at once. Take the lock away?"))) {
      throw new RefusedError("not-confirmed", "The lock stays");
    }
    for (const { remove } of holders) await remove();
    const others = await findHolders(environment);
    if (others.length > 0) throw heldError(environment, others);
    print({ stack: environment, removed: owners }, `Nobody has ${environment} any more`);
  },
});
