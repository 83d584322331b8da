import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../paths.ts";

/** A Node.js process of its own that runs a piece of TypeScript. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves when the child has printed this line. Rejects when it ends without. */
  printed(line: string): Promise<void>;
  /** What it printed, once it has ended. */
  ended(): Promise<ChildResult>;
}

/** How a child ended, and what it printed. */
export interface ChildResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is different about a child's world. */
export interface ChildOptions {
  /** Its whole environment. @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes the place of the checkout. @default the real one */
  readonly checkout?: string;
}

/**
 * Runs the body of an async function in a process of its own, where modules read the environment
 * anew. `load("infra/adapters/lock.ts")` imports a module of the checkout. Killed with the test.
 */
export function runChild(
  t: TestContext,
  body: string,
  { env = process.env, checkout }: ChildOptions = {},
): Child {
  const child = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", script(body)],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...env, ...(checkout && { TEST_CHECKOUT: checkout }) },
    },
  );
  t.after(() => child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
    });
  }
  const closed = once(child, "close").then(([code, signal]) => ({ code, signal, ...output }));
  const seen = (line: string) => output.stdout.split("\n").includes(line);
  return {
    process: child,
    ended: () => closed,
    async printed(line) {
      const ended = closed.then(() => "ended");
      while (!seen(line)) {
        const next = once(child.stdout, "data").then(() => "data");
        if ((await Promise.race([next, ended])) === "ended" && !seen(line)) {
          throw new Error(`the child ended without "${line}"\n${output.stdout}${output.stderr}`);
        }
      }
    },
  };
}

function script(body: string): string {
  return `
    if (process.env.TEST_CHECKOUT) globalThis.SLIPWAY_ROOT = process.env.TEST_CHECKOUT;
    const load = (path) => import(${JSON.stringify(`${pathToFileURL(root).href}/`)} + path);
    ${body}
  `;
}
