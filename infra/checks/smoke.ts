import { join } from "node:path";
import { readIfExists } from "../adapters/files.ts";
import { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { objectPath } from "../adapters/kubernetes/paths.ts";
import { root } from "../adapters/paths.ts";
import type { Report } from "../adapters/report.ts";
import { type Problem, refuseProblems, UserError } from "../domain/errors.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import {
  type Answer,
  judgeAnswer,
  judgeEnd,
  type Miss,
} from "../domain/package-tests/judge-smoke.ts";
import type { TestResult } from "../domain/package-tests/run.ts";
import {
  readSmokeFile,
  type SmokeCase,
  type SmokeFile,
  type SmokeRequest,
  smokeFileName,
} from "../domain/package-tests/smoke-file.ts";
import { ensureTools } from "../toolchain/tools.ts";
import { noTests, testFolder } from "./package-tests.ts";
import { type Forward, forward } from "./port-forward.ts";
import { runCommand } from "./run-command.ts";

/** An agent that runs in a cluster. */
export interface RunningAgent {
  readonly agent: string;
  readonly environment: string;
  readonly namespace: string;
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  readonly context: string;
  readonly report: Report;
}

const defaultTimeoutSeconds = 30;

/**
 * Runs the tests in a package's `tests/smoke.yaml` against the agent in its cluster, one after
 * another.
 *
 * @throws {UserError} `no-tests`; `not-deployed`; `not-reachable`; `invalid-input` with every
 * problem of the file; `cluster-unreachable`.
 */
export async function smokeTest(running: RunningAgent): Promise<readonly TestResult[]> {
  const tests = await readTests(running.agent);
  const client = await KubernetesClient.connect(running.kubeconfig, running.context);
  try {
    return await runAll(tests, running, client);
  } finally {
    client.close();
  }
}

async function readTests(agent: string): Promise<SmokeFile> {
  const file = `${testFolder(agent)}/${smokeFileName}`;
  const text = await readIfExists(join(root, file));
  if (text === undefined) throw noTests(agent, file);
  const problems: Problem[] = [];
  const tests = readSmokeFile(file, text, problems);
  refuseProblems(problems);
  return tests as SmokeFile;
}

async function runAll(
  { cases, document }: SmokeFile,
  running: RunningAgent,
  client: KubernetesClient,
): Promise<readonly TestResult[]> {
  const deployment = await findDeployment(client, running);
  let opened: Promise<Forward> | undefined;
  const results: TestResult[] = [];
  try {
    for (const [index, one] of cases.entries()) {
      running.report(one.name);
      if (one.request) opened ??= open(client, running);
      const misses = await run(one, client, deployment, opened);
      const failures = misses.map(({ path, message }) =>
        document.problemAt(["cases", index, "expect", ...path], message),
      );
      results.push({ file: document.file, name: one.name, failures });
    }
  } finally {
    await opened?.then(({ close }) => close());
  }
  return results;
}

async function run(
  { request, command = [], expect, timeoutSeconds = defaultTimeoutSeconds }: SmokeCase,
  client: KubernetesClient,
  deployment: KubernetesObject,
  opened: Promise<Forward> | undefined,
): Promise<readonly Miss[]> {
  if (!request || !opened) {
    return judgeEnd(expect, await runCommand(client, deployment, command, timeoutSeconds));
  }
  const { url } = await opened;
  const answer = await ask(url, request, timeoutSeconds);
  return typeof answer === "string" ? [{ path: [], message: answer }] : judgeAnswer(expect, answer);
}

/** An answer, or why there is none. */
async function ask(
  url: string,
  { path, json, headers = {}, method = json === undefined ? "GET" : "POST" }: SmokeRequest,
  timeoutSeconds: number,
): Promise<Answer | string> {
  const type = json === undefined ? {} : { "content-type": "application/json" };
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...type, ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    const { name, cause, message } = error as Error;
    if (name === "TimeoutError") return `no answer within ${timeoutSeconds} s`;
    return `no answer: ${cause instanceof Error ? cause.message : message}`;
  }
}

/** @throws {UserError} `not-deployed` */
export async function findDeployment(
  client: KubernetesClient,
  { agent, environment, namespace }: RunningAgent,
): Promise<KubernetesObject> {
  const metadata = { name: agent, namespace };
  const path = objectPath({ apiVersion: "apps/v1", kind: "Deployment", metadata });
  const deployment = await client.find<KubernetesObject>(path);
  if (deployment) return deployment;
  throw new UserError(
    "not-deployed",
    `${agent} does not run in ${environment} (namespace ${namespace})`,
    `npx slipway deploy ${environment}`,
  );
}

async function open(client: KubernetesClient, running: RunningAgent): Promise<Forward> {
  const { agent, namespace, kubeconfig, context, report } = running;
  const metadata = { name: agent, namespace };
  const path = objectPath({ apiVersion: "v1", kind: "Service", metadata });
  const service = await client.find<{ spec: { ports: readonly { port: number }[] } }>(path);
  const port = service?.spec.ports[0]?.port;
  if (port === undefined) {
    throw new UserError(
      "not-reachable",
      `${agent} has no Service to send requests to`,
      "test an agent that serves nobody by command",
    );
  }
  const { kubectl } = await ensureTools(["kubectl"], report);
  return forward({ kubectl, kubeconfig, context, namespace, service: agent, port });
}
