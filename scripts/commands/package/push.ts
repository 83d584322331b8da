import { command } from "../../command.ts";

interface Arguments {
  readonly agent: string;
  readonly repository: string | undefined;
  readonly sign: string | undefined;
}

export const packagePushCommand = command<Arguments>({
  command: "package push <agent> [repository]",
  describe: "Publish an agent's package to an OCI registry, tagged with its version, once for ever",
  builder: (yargs) =>
    yargs
      .positional("agent", {
        type: "string",
        demandOption: true,
        describe: "A folder under infra/packages",
      })
      .positional("repository", {
        type: "string",
        describe: "host/path without a tag  [default: the cluster's registry, packages/<agent>]",
      })
      .option("sign", {
        type: "string",
        describe: "File with an EC P-256 private key (PEM) to sign with, as cosign does",
      })
      .example("$0 package push fastapi-agent", "Publish to the registry of the local cluster")
      .example("$0 package push fastapi-agent ghcr.io/team/fastapi-agent", "Publish elsewhere"),
  run: async ({ agent, repository, sign }, { report, print, signal }) => {
    const { pushAgent } = await import("../../../infra/artifact/push.ts");
    const result = await pushAgent({ agent, repository, keyFile: sign, report, signal });
    const what = result.changed ? "is pushed" : "was there already";
    const signed = sign === undefined ? "" : "\n  signed";
    print(result, `${agent} ${result.version} ${what}\n  ${result.reference}${signed}`);
  },
});
