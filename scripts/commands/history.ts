import type { EvidenceEntry } from "../../infra/domain/evidence/evidence.ts";
import { command } from "../command.ts";

export const historyCommand = command<{ environment: string; agent?: string }>({
  command: "history <environment> [agent]",
  describe: "Tell what happened to the releases of an environment: when, what, who, how and why",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as prod" })
      .positional("agent", { type: "string", describe: "Only this one" })
      .example("$0 history prod fastapi-agent", "Releases of one agent in prod, oldest first"),
  run: async ({ environment, agent }, { print }) => {
    const { readHistory } = await import("../../infra/adapters/history.ts");
    const { entries, figures } = await readHistory(environment, agent);
    const { releases, failed, medianLeadMinutes: lead } = figures;
    const summary = `${releases} releases, ${failed} of them failed${lead === undefined ? "" : `, median lead time ${Math.round(lead)} min`}`;
    const text = [...entries.map(renderEntry), summary].join("\n");
    print({ entries, figures }, entries.length > 0 ? text : `nothing happened in ${environment}`);
  },
});

function renderEntry({ at, agent, kind, release, result, by, reason }: EvidenceEntry): string {
  const short = release.slice("sha256:".length, 19);
  const why = reason === undefined ? "" : `: ${reason}`;
  return `${at}  ${agent}  ${kind.padEnd(11)}  ${short}  ${result}  by ${by}${why}`;
}
