import { RefusedError } from "../../../infra/domain/errors.ts";
import { command } from "../../command.ts";

interface DocsArguments {
  readonly agent?: string;
  readonly check: boolean;
}

export const configDocsCommand = command<DocsArguments>({
  command: "config docs [agent]",
  describe: "Write the tables of values in the packages' READMEs, and the schemas for editors",
  builder: (yargs) =>
    yargs
      .positional("agent", { type: "string", describe: "Only the README of this package" })
      .options({
        check: {
          type: "boolean",
          default: false,
          describe: "Write nothing; exit code 3 when a file is not current",
        },
      })
      .example("$0 config docs --check", "In CI, so that no README is behind its package"),
  run: async ({ agent, check }, { print }) => {
    const { readDocumentation, writeDocumentation } = await import(
      "../../../infra/adapters/documentation.ts"
    );
    const files = await readDocumentation(agent);
    if (check) refuseStale(files.filter(({ current }) => !current).map(({ file }) => file));
    const written = await writeDocumentation(files);
    const checked = files.map(({ file }) => file);
    const text = written.length === 0 ? `${checked.length} files are current` : written.join("\n");
    print({ files: checked, written }, text);
  },
});

function refuseStale(stale: readonly string[]): void {
  if (stale.length === 0) return;
  const message = `not what the packages and schemas say any more: ${stale.join(", ")}`;
  throw new RefusedError("docs-stale", message, "npx slipway config docs");
}
