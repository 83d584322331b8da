import { command } from "../command.ts";

interface RenderArguments {
  readonly environment: string;
  readonly agent?: string;
  readonly set?: readonly string[];
}

export const renderCommand = command<RenderArguments>({
  command: "render <environment>",
  describe: "Print a stack's Kubernetes objects; needs no cluster, no state, no passphrase",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .options({
        agent: { type: "string", requiresArg: true, describe: "Only this agent's own objects" },
        set: {
          type: "string",
          array: true,
          requiresArg: true,
          describe: "key.path=value that wins over every file",
        },
      })
      .example("$0 render dev", "All objects of dev as YAML"),
  run: async ({ environment, agent, set }, { print }) => {
    const { readRendering } = await import("../../infra/adapters/rendered.ts");
    const rendering = await readRendering({
      environment,
      ...(agent !== undefined && { agent }),
      ...(set && { set }),
    });
    const { renderStream } = await import("../../infra/domain/render/document.ts");
    print(rendering.objects, renderStream(rendering).trimEnd());
  },
});
