import type { AbsentImage } from "../../infra/deploy/absent-images.ts";
import type { StackDrift } from "../../infra/deploy/drift.ts";
import { UserError } from "../../infra/domain/errors.ts";
import type { Drift } from "../../infra/domain/live/drift.ts";
import { type Context, command, type ExitCode, exitCodes } from "../command.ts";

export const driftCommand = command<{ environment: string; fix: boolean; pr: boolean }>({
  command: "drift <environment>",
  describe: "Find what differs from a stack's files, and who did it; exit code 3 when there is any",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .options({
        fix: {
          type: "boolean",
          default: false,
          describe: "Put it back and deploy; what is in no file stays",
        },
        pr: {
          type: "boolean",
          default: false,
          describe: "Propose on a branch that the files say what was set by hand",
        },
      })
      .example("$0 drift dev", "Changed, added, missing and unexpected things in dev")
      .example("$0 drift dev --fix", "Put it back to what the files say"),
  run: async ({ environment, fix, pr }, { report, print, signal }) => {
    const { findDrift } = await import("../../infra/deploy/drift.ts");
    const { describeDrift } = await import("../../infra/domain/live/describe-drift.ts");
    if (fix && pr) {
      const hint = `npx slipway drift ${environment}   # and then one of them`;
      throw new UserError("usage", "--fix undoes what --pr would keep", hint);
    }
    if (pr) return propose(environment, print);
    let found = await findDrift(environment);
    if (fix && found.drift.length > 0) {
      report(render(found, describeDrift));
      const { restoreFields } = await import("../../infra/deploy/restore.ts");
      await restoreFields(environment);
      const { deploy } = await import("../../infra/deploy/deploy.ts");
      await deploy({ stack: environment, report, signal });
      found = await findDrift(environment);
    }
    print(found, render(found, describeDrift));
    return isClean(found) ? exitCodes.done : exitCodes.refused;
  },
});

async function propose(environment: string, print: Context["print"]): Promise<ExitCode> {
  const { proposeDrift } = await import("../../infra/deploy/keep-drift.ts");
  const { describeDrift } = await import("../../infra/domain/live/describe-drift.ts");
  const proposal = await proposeDrift(environment);
  const { branch, kept, left } = proposal;
  const lines = (some: readonly Drift[]) => some.map((one) => `  ${describeDrift(one)}`);
  const next = `next: git push origin ${branch} && gh pr create --head ${branch} --fill`;
  const text = [
    ...(branch ? [`on the branch ${branch}, the files say:`, ...lines(kept)] : []),
    ...(left.length > 0 ? ["not for files; drift --fix puts back:", ...lines(left)] : []),
    ...(branch ? [next] : []),
  ];
  print(proposal, text.join("\n") || render(proposal, describeDrift));
  return isClean(proposal) ? exitCodes.done : exitCodes.refused;
}

function isClean({ drift, images }: StackDrift): boolean {
  return drift.length === 0 && images.every(({ unknown }) => unknown !== undefined);
}

function render(found: StackDrift, describe: (finding: Drift) => string): string {
  const { stack, namespace, locked, drift, images } = found;
  const where = `${stack} (namespace ${namespace})`;
  if (locked !== undefined) return `${where}: locked, skipped: ${locked}`;
  const count = drift.length + images.filter(({ unknown }) => unknown === undefined).length;
  const head = `${count === 1 ? "1 difference" : `${count} differences`} from its files`;
  return [
    isClean(found) ? `${where} is as its files say` : `${where}: ${head}`,
    ...drift.map((finding) => `  ${describe(finding)}`),
    ...images.map((image) => `  ${describeImage(image)}`),
  ].join("\n");
}

function describeImage({ image, agents, unknown }: AbsentImage): string {
  const subject = `image ${image} of ${agents.join(", ")}`;
  return unknown === undefined ? `${subject}: not in its registry` : `${subject}: ${unknown}`;
}
