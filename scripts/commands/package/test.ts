import { UserError } from "../../../infra/domain/errors.ts";
import type { TestResult } from "../../../infra/domain/package-tests/run.ts";
import { type Context, command, exitCodes } from "../../command.ts";

interface TestArguments {
  readonly agent: string;
  readonly environment?: string;
  readonly cluster: boolean;
}

export const packageTestCommand = command<TestArguments>({
  command: "package test <agent>",
  describe: "Run the tests of a package; exit code 3 when one fails",
  builder: (yargs) =>
    yargs
      .positional("agent", { type: "string", demandOption: true, describe: "Name of the package" })
      .options({
        environment: {
          type: "string",
          requiresArg: true,
          describe: "Only tests of this environment; with --cluster where the agent runs",
        },
        cluster: {
          type: "boolean",
          default: false,
          describe: "Run tests/smoke.yaml against the agent in its cluster instead",
        },
      })
      .example("$0 package test fastapi-agent", "What its objects are, without a cluster")
      .example(
        "$0 package test fastapi-agent --cluster --environment dev",
        "Ask the running agent",
      ),
  run: async (args, { report, print }) => {
    const results = await (args.cluster ? runSmokeTests(args, report) : runTests(args));
    const failed = results.filter(({ failures }) => failures.length > 0).length;
    print({ passed: results.length - failed, failed, results }, renderResults(results, failed));
    return failed > 0 ? exitCodes.refused : exitCodes.done;
  },
});

async function runTests({ agent, environment }: TestArguments): Promise<readonly TestResult[]> {
  const { testPackage } = await import("../../../infra/checks/package-tests.ts");
  return testPackage(agent, environment);
}

async function runSmokeTests(
  { agent, environment: name }: TestArguments,
  report: Context["report"],
): Promise<readonly TestResult[]> {
  if (name === undefined) {
    const hint = `npx slipway package test ${agent} --cluster --environment dev`;
    throw new UserError("usage", "--cluster needs --environment: which one runs the agent?", hint);
  }
  const { readStack } = await import("../../../infra/adapters/read-stack.ts");
  const { findTarget } = await import("../../../infra/deploy/plan.ts");
  const { smokeTest } = await import("../../../infra/checks/smoke.ts");
  const { environment } = await readStack(name);
  const { namespace } = environment;
  const target = await findTarget(environment);
  return smokeTest({ agent, environment: environment.name, namespace, ...target, report });
}

function renderResults(results: readonly TestResult[], failed: number): string {
  const lines = results.flatMap(({ name, failures }) => [
    `${failures.length === 0 ? "pass" : "FAIL"} ${name}`,
    ...failures.map(({ file, line, message }) => `  ${file}:${line}: ${message}`),
  ]);
  const count = `${results.length - failed} passed, ${failed} failed`;
  return [...lines, count].join("\n");
}
