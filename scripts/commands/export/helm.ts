import { command } from "../../command.ts";

interface ExportHelmArguments {
  readonly agent: string;
  readonly output?: string;
  readonly environment?: readonly string[];
}

export const exportHelmCommand = command<ExportHelmArguments>({
  command: "export helm <agent>",
  describe: "Make a Helm chart of an agent, with the values of every environment",
  builder: (yargs) =>
    yargs
      .positional("agent", { type: "string", demandOption: true, describe: "Name of its package" })
      .options({
        output: {
          type: "string",
          requiresArg: true,
          describe: "Folder to make  [default: charts/<agent>]",
        },
        environment: {
          type: "string",
          array: true,
          requiresArg: true,
          describe: "Only with the values of this one; may be given again",
        },
      })
      .example("$0 export helm fastapi-agent", "charts/fastapi-agent, for helm install"),
  run: async ({ agent, output, environment }, { print, report }) => {
    const { join } = await import("node:path");
    const { readChart } = await import("../../../infra/adapters/exported-chart.ts");
    const { writeTree } = await import("../../../infra/adapters/tree.ts");
    const { files, environments, withoutRelease } = await readChart(agent, environment);
    for (const name of withoutRelease) {
      report(`${name}: nothing was released there yet, so there is no values-${name}.yaml`);
    }
    const folder = output ?? join("charts", agent);
    const changes = await writeTree(folder, files);
    print({ folder, environments, ...changes }, renderResult(agent, folder, environments));
  },
});

function renderResult(agent: string, folder: string, environments: readonly string[]): string {
  const [first] = environments;
  return [
    `${folder}: a chart with the values of ${environments.join(", ")}`,
    `  helm upgrade --install ${agent} ${folder} --namespace <namespace> --values ${folder}/values-${first}.yaml --wait`,
    `  helm test ${agent} --namespace <namespace>`,
  ].join("\n");
}
