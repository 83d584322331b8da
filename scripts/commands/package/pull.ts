import { command } from "../../command.ts";

interface Arguments {
  readonly reference: string;
  readonly output: string | undefined;
  readonly to: string | undefined;
  readonly key: string | undefined;
}

export const packagePullCommand = command<Arguments>({
  command: "package pull <reference>",
  describe: "Fetch a package and what it depends on, verify every byte, and put it into place",
  builder: (yargs) =>
    yargs
      .positional("reference", {
        type: "string",
        demandOption: true,
        describe: "host/path:version or host/path@sha256:...",
      })
      .option("output", {
        type: "string",
        describe: "Folder that gets a folder of the package's name  [default: infra/packages]",
      })
      .option("to", {
        type: "string",
        describe: "Environment that is to run it, by the image that was packed with it",
      })
      .option("key", {
        type: "string",
        describe: "File with the public key (PEM) of who has to have signed it",
      })
      .conflicts("to", "output")
      .example(
        "$0 package pull localhost:5000/packages/fastapi-agent:1.0.0 --to dev",
        "Install it",
      ),
  run: async ({ reference, output, to, key }, { report, print, signal }) => {
    const { pullPackage } = await import("../../../infra/artifact/pull.ts");
    const { readPublicKey } = await import("../../../infra/artifact/signing.ts");
    const packages = await pullPackage({
      reference,
      ...(output !== undefined && { output }),
      ...(to !== undefined && { to }),
      ...(key !== undefined && { key: await readPublicKey(key) }),
      report,
      signal,
    });
    const lines = packages.flatMap(
      ({ name, version, reference: pinned, folder, changed, release }) => [
        `${name} ${version} ${changed ? "is pulled" : "was there already"}`,
        `  ${pinned}`,
        `  ${folder}`,
        ...(release ? [`  ${release}`] : []),
      ],
    );
    print({ packages }, lines.join("\n"));
  },
});
