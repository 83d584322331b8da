import { command } from "../command.ts";
import { askBeforeChanges } from "./cluster.ts";

export const quickstartCommand = command<object>({
  command: "quickstart",
  describe: "From a fresh clone to an agent that answers on a real cluster",
  builder: (yargs) => yargs.example("$0 quickstart", "Cluster up, image built, dev deployed"),
  run: async (_, context) => {
    const { report, print, signal } = context;
    const started = Date.now();
    const { chooseDriver } = await import("../../infra/cluster/choose.ts");
    const driver = await chooseDriver("auto");
    await askBeforeChanges(await driver.plan(), context);
    await driver.up(report);
    const { buildRelease } = await import("../../infra/build/release.ts");
    await buildRelease({ agent: "fastapi-agent", report, signal });
    const { deploy } = await import("../../infra/deploy/deploy.ts");
    const { agents } = await deploy({ stack: "dev", report, signal });
    const [agent] = agents;
    const seconds = Math.round((Date.now() - started) / 1000);
    const address = agent?.address ?? "http://127.0.0.1:8080";
    const lines = [
      `The agent answers at ${address} (${seconds} s)`,
      "",
      ...(agent?.address ? [] : [`  ${agent?.forward} &`]),
      `  curl ${address}/query --json '{"prompt": "Hello"}'`,
      "",
      "Next:",
      "  npx slipway status dev",
      "  npx slipway deploy dev     # after a change in stacks/dev",
      "  npx slipway destroy dev && npx slipway cluster down",
    ];
    print({ address, agents, seconds }, lines.join("\n"));
  },
});
