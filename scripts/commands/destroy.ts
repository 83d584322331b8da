import { RefusedError } from "../../infra/domain/errors.ts";
import { command } from "../command.ts";

export const destroyCommand = command<{ environment: string }>({
  command: "destroy <environment>",
  describe: "Remove everything of a stack from its cluster",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .example("$0 destroy dev", "Remove the dev stack"),
  run: async ({ environment }, { report, print, signal, confirm }) => {
    if (!(await confirm(`Remove everything of ${environment} from its cluster?`))) {
      throw new RefusedError("not-confirmed", "Nothing was removed");
    }
    const { destroy } = await import("../../infra/deploy/destroy.ts");
    const changes = await destroy({ stack: environment, report, signal });
    print(
      { stack: environment, changes },
      `${environment} is gone: ${changes.length} objects removed`,
    );
  },
});
