import { join } from "node:path";
import { readIfExists } from "../adapters/files.ts";
import { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { root } from "../adapters/paths.ts";
import { type Problem, refuseProblems } from "../domain/errors.ts";
import {
  type EvalFile,
  evalFileName,
  readEvalFile,
  scoreIn,
} from "../domain/package-tests/eval-file.ts";
import { judgeEnd } from "../domain/package-tests/judge-smoke.ts";
import { testFolder } from "./package-tests.ts";
import { runCommand } from "./run-command.ts";
import { findDeployment, type RunningAgent } from "./smoke.ts";

/** What the evaluations of one agent came to. */
export interface EvalResult {
  /** By name of the evaluation; one that failed has none. */
  readonly scores: Readonly<Record<string, number>>;
  /** What kept evaluations from a score, with file and line. */
  readonly problems: readonly Problem[];
}

const defaultTimeoutSeconds = 600;

/**
 * Takes the measures in a package's `tests/evals.yaml`, one after another, each as a Job in the
 * agent's namespace. A package without that file has none.
 *
 * @throws {UserError} `not-deployed`; `invalid-input` with every problem of the file;
 * `command-not-run`; `cluster-unreachable`.
 */
export async function runEvals(running: RunningAgent): Promise<EvalResult> {
  const file = await readEvals(running.agent);
  if (file === undefined) return { scores: {}, problems: [] };
  const client = await KubernetesClient.connect(running.kubeconfig, running.context);
  try {
    return await runAll(file, running, client);
  } finally {
    client.close();
  }
}

async function readEvals(agent: string): Promise<EvalFile | undefined> {
  const file = `${testFolder(agent)}/${evalFileName}`;
  const text = await readIfExists(join(root, file));
  if (text === undefined) return undefined;
  const problems: Problem[] = [];
  const read = readEvalFile(file, text, problems);
  refuseProblems(problems);
  return read;
}

async function runAll(
  { evals, document }: EvalFile,
  running: RunningAgent,
  client: KubernetesClient,
): Promise<EvalResult> {
  const deployment = await findDeployment(client, running);
  const scores: Record<string, number> = {};
  const problems: Problem[] = [];
  for (const [
    index,
    { name, command, timeoutSeconds = defaultTimeoutSeconds },
  ] of evals.entries()) {
    running.report(`evaluating ${name}`);
    const ended = await runCommand(client, deployment, command, timeoutSeconds);
    const [failed] = judgeEnd({}, ended);
    const score = scoreIn(ended.output);
    if (failed === undefined && score !== undefined) {
      scores[name] = score;
      continue;
    }
    const message = failed?.message ?? "its last line is no number";
    problems.push(document.problemAt(["evals", index, "command"], `${name}: ${message}`));
  }
  return { scores, problems };
}
