import type { ShownPackage } from "../../../infra/artifact/show.ts";
import { command } from "../../command.ts";

export const packageShowCommand = command<{ target: string }>({
  command: "package show <target>",
  describe: "Show what a package says about itself: metadata, files, values, readme",
  builder: (yargs) =>
    yargs
      .positional("target", {
        type: "string",
        demandOption: true,
        describe: "An agent, a built folder, host/path:version or host/path@sha256:...",
      })
      .example("$0 package show fastapi-agent", "Look into the sample agent's package"),
  run: async ({ target }, { print, signal }) => {
    const { showPackage } = await import("../../../infra/artifact/show.ts");
    const shown = await showPackage(target, signal);
    print(shown, render(shown));
  },
});

function render(shown: ShownPackage): string {
  const { name, version, digest, dependencies, files, values, readme } = shown;
  const facts = {
    digest,
    "app version": shown.appVersion,
    description: shown.description,
    kubernetes: shown.kubernetes,
    image: shown.image ?? "none packed along",
    needs: dependencies.map((one) => `${one.name} ${one.version}`).join(", ") || "no other package",
  };
  return [
    `${name} ${version}`,
    ...Object.entries(facts).flatMap(([key, value]) =>
      value === undefined ? [] : [`  ${key.padEnd(12)}${value}`],
    ),
    `\nfiles: ${files.length}`,
    ...files.map(
      ({ path, size, sha256 }) => `  ${sha256.slice(0, 12)} ${`${size}`.padStart(8)}  ${path}`,
    ),
    ...(values === undefined ? [] : ["\nvalues.yaml:", indent(values)]),
    ...(readme === undefined ? [] : ["\nREADME.md:", indent(readme)]),
  ].join("\n");
}

function indent(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, "  ");
}
