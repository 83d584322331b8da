import { command } from "../../command.ts";

export const pipelineShowCommand = command<{ format: "text" | "mermaid" }>({
  command: "pipeline show",
  describe: "Show the environments in their order, and what lets a release into each",
  builder: (yargs) =>
    yargs
      .option("format", {
        choices: ["text", "mermaid"] as const,
        default: "text" as const,
        requiresArg: true,
        describe: "Lines for a person, or a diagram that GitHub shows",
      })
      .example("$0 pipeline show", "dev, staging and prod with their gates")
      .example("$0 pipeline show --format mermaid", "A diagram for a Markdown file"),
  run: async ({ format }, { print }) => {
    const { readStackTexts } = await import("../../../infra/adapters/workspace.ts");
    const { parsePipeline, pipelineFile } = await import("../../../infra/domain/stack/pipeline.ts");
    const { renderPipeline, renderPipelineDiagram } = await import(
      "../../../infra/domain/stack/render-pipeline.ts"
    );
    const pipeline = parsePipeline(pipelineFile, (await readStackTexts())[pipelineFile] ?? "");
    const render = format === "text" ? renderPipeline : renderPipelineDiagram;
    print(pipeline, render(pipeline).trimEnd());
  },
});
