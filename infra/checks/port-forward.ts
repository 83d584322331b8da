import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { lastLines, start } from "../adapters/process.ts";
import { UserError } from "../domain/errors.ts";

/** How to reach a Service of a cluster. */
export interface ForwardTarget {
  /** Path of kubectl. */
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

/** A Service that answers on this machine for a while. */
export interface Forward {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Makes a Service answer on a free port of this machine. The way is through the API server and the
 * kubelet to a ready pod, so that a NetworkPolicy which keeps all but the agent's callers out does
 * not have to be opened for it.
 *
 * @throws {UserError} `not-reachable` with what kubectl says.
 */
export async function forward(target: ForwardTarget): Promise<Forward> {
  const { kubectl, kubeconfig, context, namespace, service, port } = target;
  const access = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, `--namespace=${namespace}`];
  const args = [...access, "port-forward", `service/${service}`, `:${port}`];
  const child = start(kubectl, args, {}, ["ignore", "pipe", "pipe"]);
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(child, "close");
  const line = await Promise.race([firstLine(child.stdout as Readable), ended.then(() => "")]);
  const [, local] = /127\.0\.0\.1:(\d+)/.exec(line) ?? [];
  const close = async () => {
    child.kill("SIGINT");
    await ended;
  };
  if (local !== undefined) return { url: `http://127.0.0.1:${local}`, close };
  await close();
  throw new UserError(
    "not-reachable",
    `${service} cannot be reached in ${namespace}: ${lastLines(said, 3)}`,
    "npx slipway status <environment>",
  );
}

/** Reads on when the line is there, so that the program never waits for its output to be taken. */
function firstLine(output: Readable): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: output }).on("line", resolve);
  });
}
