import { command } from "../command.ts";

export const benchCommand = command<{ rounds: number }>({
  command: "bench",
  describe: "Compare with kubectl, helm and bare pulumi on the same objects, interleaved",
  builder: (yargs) =>
    yargs
      .options({ rounds: { type: "number", default: 5, describe: "Rounds of every case" } })
      .example("$0 bench --rounds 7", "Medians and ratios of seven rounds"),
  run: async ({ rounds }, { report, print, signal }) => {
    const { bench } = await import("../bench/bench.ts");
    const { result, text } = await bench({ rounds, report, signal });
    print(result, text);
  },
});
