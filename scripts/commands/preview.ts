import type { Change } from "../../infra/adapters/pulumi/events.ts";
import { command } from "../command.ts";

export const previewCommand = command<{ environment: string }>({
  command: "preview <environment>",
  describe: "Show what a deployment of a stack would change",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .example("$0 preview dev", "Compare stacks/dev with the live cluster"),
  run: async ({ environment }, { report, print, signal }) => {
    const { preview } = await import("../../infra/deploy/preview.ts");
    const changes = await preview({ stack: environment, report, signal });
    print({ stack: environment, changes }, renderChanges(environment, changes));
  },
});

/** A plan as text: one line a resource, and below it what differs. */
export function renderChanges(environment: string, changes: readonly Change[]): string {
  if (changes.length === 0) return `${environment}: nothing would change`;
  const lines = changes.flatMap(({ operation, kind, name, paths }) => [
    `${operation} ${kind} ${name}`,
    ...paths.map((path) => `    ${path}`),
  ]);
  return [`${environment}: ${changes.length} changes`, ...lines.map((line) => `  ${line}`)].join(
    "\n",
  );
}
