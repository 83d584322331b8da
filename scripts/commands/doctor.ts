import type { Finding } from "../../infra/toolchain/doctor.ts";
import { command, exitCodes } from "../command.ts";

export const doctorCommand = command<object>({
  command: "doctor",
  describe: "Look at every tool, the cluster and the machine; exit code 2 when something is bad",
  builder: (yargs) => yargs.example("$0 doctor", "What is here, what is missing, what fixes it"),
  run: async (_, { print }) => {
    const { findCluster } = await import("../../infra/cluster/record.ts");
    const { diagnoseMachine } = await import("../../infra/toolchain/doctor.ts");
    const findings = await diagnoseMachine(await findCluster());
    print({ findings }, renderFindings(findings));
    return findings.some(({ state }) => state === "bad") ? exitCodes.user : exitCodes.done;
  },
});

function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap(({ name, state, detail, fix }) => [
      `${state.padEnd(7)} ${name.padEnd(width)}  ${detail}`,
      ...(fix ? [`${" ".repeat(width + 10)}${fix}`] : []),
    ])
    .join("\n");
}
