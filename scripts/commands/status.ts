import type { StackStatus } from "../../infra/deploy/status.ts";
import { command, exitCodes } from "../command.ts";

export const statusCommand = command<{ environment: string }>({
  command: "status <environment>",
  describe: "Show how a stack is doing; exit code 3 when it is not well",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .example("$0 status dev", "Pods, rollout and drift of dev"),
  run: async ({ environment }, { print }) => {
    const { readStatus } = await import("../../infra/deploy/status.ts");
    const status = await readStatus(environment);
    print(status, renderStatus(status));
    return status.healthy ? exitCodes.done : exitCodes.refused;
  },
});

function renderStatus({ stack, namespace, agents, drift, healthy }: StackStatus): string {
  const lines = agents.flatMap(({ name, version, address, forward, rollout, pods }) => [
    `  ${name} ${version}: ${describe(rollout)}`,
    ...(address || forward ? [`    ${address ?? forward}`] : []),
    ...pods.map(
      (pod) => `    ${pod.ready ? "ready    " : "not ready"} ${pod.name}, ${pod.restarts} restarts`,
    ),
  ]);
  const head = `${stack} (namespace ${namespace}): ${healthy ? "healthy" : "not healthy"}`;
  return [head, ...lines, ...drift.map((line) => `  drift: ${line}`)].join("\n");
}

function describe(rollout: StackStatus["agents"][number]["rollout"]): string {
  if (rollout.kind === "ready") return "ready";
  return rollout.kind === "failed" ? rollout.message : rollout.text;
}
