import { command } from "../../command.ts";

export const packageVerifyCommand = command<{ target: string; key: string | undefined }>({
  command: "package verify <target>",
  describe: "Verify that no byte of a package has changed; exit code 3 names the files that have",
  builder: (yargs) =>
    yargs
      .positional("target", {
        type: "string",
        demandOption: true,
        describe: "An agent, a folder, host/path:version or host/path@sha256:...",
      })
      .option("key", {
        type: "string",
        describe: "File with the public key (PEM) of who has to have signed it",
      })
      .example("$0 package verify fastapi-agent", "Is it still what was built or pulled?"),
  run: async ({ target, key }, { print, signal }) => {
    const { verifyPackage } = await import("../../../infra/artifact/verify.ts");
    const { readPublicKey } = await import("../../../infra/artifact/signing.ts");
    const publicKey = key === undefined ? undefined : await readPublicKey(key);
    const result = await verifyPackage(target, publicKey, signal);
    const { files, digest, signed } = result;
    const lines = [
      `${target} is as it was packed: ${files} files${signed ? ", signed by this key" : ""}`,
      ...(digest ? [`  ${digest}`] : []),
    ];
    print(result, lines.join("\n"));
  },
});
