import { command } from "../../command.ts";

export const packageBuildCommand = command<{ agent: string; output: string | undefined }>({
  command: "package build <agent>",
  describe: "Pack an agent into an artifact; the same files always give the same digest",
  builder: (yargs) =>
    yargs
      .positional("agent", {
        type: "string",
        demandOption: true,
        describe: "A folder under infra/packages",
      })
      .option("output", {
        type: "string",
        describe: "Folder for the OCI image layout  [default: .slipway/packages/<name>-<version>]",
      })
      .example("$0 package build fastapi-agent", "Pack the sample agent"),
  run: async ({ agent, output }, { print }) => {
    const { buildPackage } = await import("../../../infra/artifact/pack.ts");
    const { artifact, folder } = await buildPackage(agent, output);
    const { digest, config } = artifact;
    const image = config.image ?? `no image goes along before: npx slipway build ${agent}`;
    print(
      { digest, folder, ...config },
      `${config.name} ${config.version}\n  ${digest}\n  ${folder}\n  ${image}`,
    );
  },
});
