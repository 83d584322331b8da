import { UserError } from "../../infra/domain/errors.ts";
import type { Scaffolded } from "../../infra/scaffold/scaffold.ts";
import { type Context, command } from "../command.ts";

interface NewArguments {
  readonly name?: string;
  readonly from?: string;
  readonly port?: number;
  readonly description?: string;
}

export const newCommand = command<NewArguments>({
  command: "new [name]",
  describe: "Make a package of your own after one that works, and add it to the first environment",
  builder: (yargs) =>
    yargs
      .positional("name", { type: "string", describe: "Name of the new agent" })
      .options({
        from: {
          type: "string",
          requiresArg: true,
          describe: "Package to start from: fastapi-agent answers, queue-worker serves nobody",
        },
        port: { type: "number", requiresArg: true, describe: "Port of the agent's API" },
        description: { type: "string", requiresArg: true, describe: "What the agent is for" },
      })
      .example("$0 new", "Asks what it has to know")
      .example("$0 new my-agent", "An HTTP agent after fastapi-agent")
      .example("$0 new my-worker --from queue-worker", "A worker without a port"),
  run: async (args, context) => {
    const { scaffold } = await import("../../infra/scaffold/scaffold.ts");
    const options = await complete(args, context);
    const made = await scaffold(options);
    context.print(made, renderScaffolded(made, options.from));
  },
});

/** Asks for what the command line leaves open, when there is somebody to ask. */
async function complete(args: NewArguments, { ask }: Context) {
  const { listAgents, readSource } = await import("../../infra/artifact/source.ts");
  const name = args.name ?? (await ask("Name of the agent", ""));
  if (name === "") throw new UserError("usage", "new needs a name", "npx slipway new my-agent");
  const known = (await listAgents()).join(", ");
  const from = args.from ?? (await ask(`Start from which package (${known})`, "fastapi-agent"));
  const { port: usual } = (await readSource(from)).package.agent;
  const port =
    args.port ?? (usual === undefined ? undefined : Number(await ask("Port", String(usual))));
  const description = args.description ?? (await ask("What is it for", "An agent of our own"));
  return { name, from, description, ...(port !== undefined && { port }) };
}

function renderScaffolded(made: Scaffolded, from: string): string {
  const { package: pkg, folder, files, environment, valuesFile } = made;
  return [
    `${pkg.name} is a package now, made after ${from}`,
    `  ${folder}: ${files} files`,
    `  ${valuesFile}: what it needs otherwise in ${environment}`,
    "",
    "Next:",
    `  npx slipway package test ${pkg.name}`,
    `  npx slipway build ${pkg.name}`,
    `  npx slipway deploy ${environment}`,
  ].join("\n");
}
