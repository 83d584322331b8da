import { UserError } from "../../infra/domain/errors.ts";
import { command } from "../command.ts";

interface BenchArguments {
  readonly rounds: number;
  readonly render: boolean;
  readonly fleets: boolean;
  readonly quickstart: boolean;
  readonly cold: boolean;
}

export const benchCommand = command<BenchArguments>({
  command: "bench",
  describe: "Compare with kubectl, helm and bare pulumi on the same objects, interleaved",
  builder: (yargs) =>
    yargs
      .options({
        rounds: { type: "number", default: 5, describe: "Rounds of every case" },
        render: {
          type: "boolean",
          default: false,
          describe: "Time rendering instead, beside helm, kustomize and cdk8s; needs no cluster",
        },
        fleets: {
          type: "boolean",
          default: false,
          describe: "Time environments of 1, 10 and 100 agents on the local cluster instead",
        },
        quickstart: {
          type: "boolean",
          default: false,
          describe: "Time quickstarts instead; needs the cluster to be down",
        },
        cold: {
          type: "boolean",
          default: false,
          describe: "Time one quickstart with empty caches of its own, about 20 minutes",
        },
      })
      .example("$0 bench --rounds 7", "Medians and ratios of seven rounds")
      .example("$0 bench --render", "1, 100 and 500 agents to YAML")
      .example("$0 bench --quickstart", "From no cluster to an agent that answers"),
  run: async ({ rounds, render, fleets, quickstart, cold }, { report, print, signal }) => {
    if (!Number.isInteger(rounds) || rounds < 1) {
      throw new UserError(
        "usage",
        `--rounds is ${rounds}, and has to be a whole number from 1`,
        "npx slipway bench --rounds 5",
      );
    }
    if (render) {
      const { benchRender } = await import("../bench/render.ts");
      const { result, text } = await benchRender({ rounds, report, signal });
      return print(result, text);
    }
    if (fleets) {
      const { benchFleets } = await import("../bench/fleets.ts");
      const { result, text } = await benchFleets({ rounds, report, signal });
      return print(result, text);
    }
    if (quickstart || cold) {
      const { benchQuickstart } = await import("../bench/quickstart.ts");
      const { result, text } = await benchQuickstart({ rounds, cold, report, signal });
      return print(result, text);
    }
    const { bench } = await import("../bench/bench.ts");
    const { result, text } = await bench({ rounds, report, signal });
    print(result, text);
  },
});
