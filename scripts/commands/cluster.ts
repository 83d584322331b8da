import type { ContextOptions } from "../../infra/cluster/context.ts";
import type { ClusterStatus, DriverName } from "../../infra/cluster/driver.ts";
import { RefusedError } from "../../infra/domain/errors.ts";
import { type Context, command, exitCodes } from "../command.ts";

interface ClusterArguments extends Omit<ContextOptions, "kubeconfig"> {
  readonly action: "up" | "status" | "down";
  readonly driver: DriverName | "auto";
}

export const clusterCommand = command<ClusterArguments>({
  command: "cluster <action>",
  describe: "Bring a local cluster up or down, or look at it",
  builder: (yargs) =>
    yargs
      .positional("action", {
        choices: ["up", "status", "down"] as const,
        demandOption: true,
        describe: "up also repairs; down leaves nothing behind",
      })
      .options({
        driver: {
          choices: ["auto", "embedded", "kind", "minikube", "context"] as const,
          default: "auto" as const,
          requiresArg: true,
          describe: "What runs the cluster",
        },
        context: {
          type: "string",
          requiresArg: true,
          describe: "With --driver context: its name in the kubeconfig",
        },
        registry: {
          type: "string",
          requiresArg: true,
          describe: "With --driver context: where images are pushed",
        },
        address: {
          type: "string",
          requiresArg: true,
          describe: "With --driver context: host of its NodePorts",
        },
      })
      .example("$0 cluster up", "A cluster on this machine")
      .example("$0 cluster up --driver context --registry ghcr.io/team", "Use one you have"),
  run: async (args, context) => {
    const { chooseDriver } = await import("../../infra/cluster/choose.ts");
    const driver = await chooseDriver(args.driver, optionsOf(args));
    if (args.action === "status") {
      const status = await driver.status();
      context.print(status, renderStatus(status));
      return status.running ? exitCodes.done : exitCodes.refused;
    }
    if (args.action === "down") {
      await driver.down(context.report);
      context.print({ driver: driver.name, running: false }, "The cluster is down");
      return exitCodes.done;
    }
    await askBeforeChanges(await driver.plan(), context);
    const cluster = await driver.up(context.report);
    context.print(cluster, renderUp(cluster.kubeconfig));
    return exitCodes.done;
  },
});

/**
 * Says what will change on this machine, and on a terminal asks once.
 *
 * @throws {RefusedError} `not-confirmed`.
 */
export async function askBeforeChanges(
  changes: readonly string[],
  { report, confirm }: Context,
): Promise<void> {
  if (changes.length === 0) return;
  report("This will change this machine:");
  for (const change of changes) report(`  ${change}`);
  if (await confirm("Go on?")) return;
  throw new RefusedError("not-confirmed", "Nothing was changed");
}

function optionsOf({ context, registry, address }: ClusterArguments): ContextOptions {
  return {
    ...(context !== undefined && { context }),
    ...(registry !== undefined && { registry }),
    ...(address !== undefined && { address }),
  };
}

function renderUp(kubeconfig: string): string {
  return `The cluster is up\n  export KUBECONFIG=${kubeconfig}`;
}

function renderStatus({ driver, running, parts, notes }: ClusterStatus): string {
  return [
    `${driver}: ${running ? "running" : "not running"}`,
    ...parts.map(({ name, state, detail }) =>
      [`  ${state.padEnd(8)} ${name}`, detail].filter(Boolean).join(": "),
    ),
    ...notes.map((note) => `  note: ${note}`),
  ].join("\n");
}
