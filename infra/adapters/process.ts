import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How to run a program. */
export interface RunOptions {
  readonly cwd?: string;
  /** The child's whole environment. @default `plainEnvironment()` */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for standard input, where secrets go: argument lists are visible to every process. */
  readonly input?: string;
  /** Ends the child with SIGKILL after this many milliseconds. @default no limit */
  readonly timeoutMs?: number;
  /** Ends the child with SIGINT when aborted. */
  readonly signal?: AbortSignal;
  /** Called for every line of standard output and standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

/** What a program that ended with 0 printed. */
export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that could not be started, ended with another code than 0, or took too long. */
export class CommandError extends Error {
  readonly command: string;
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;

  constructor(reason: string, command: string, result: Partial<RunResult> & { exitCode?: number }) {
    const tail = lastLines(result.stderr || result.stdout || "", 20);
    super(`${reason}: ${command}${tail && `\n${tail}`}`);
    this.name = "CommandError";
    this.command = command;
    this.exitCode = result.exitCode;
    this.stdout = result.stdout ?? "";
    this.stderr = result.stderr ?? "";
  }
}

/**
 * Runs a program to its end and returns what it printed.
 *
 * @throws {CommandError} with the reason first, then the command as you could paste it, then the
 * last lines of its output.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}) {
  return new Promise<RunResult>((resolve, reject) => {
    const text = shellText(command, args);
    const child = start(command, args, options, ["pipe", "pipe", "pipe"]);
    const output = { stdout: "", stderr: "" };
    collect(child, output, options.onLine);
    let timedOut = false;
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          child.kill("SIGKILL");
          // What the child started itself lives on, and would keep these open.
          child.stdout?.destroy();
          child.stderr?.destroy();
        }, options.timeoutMs)
      : undefined;
    const interrupt = () => child.kill("SIGINT");
    if (options.signal?.aborted) interrupt();
    options.signal?.addEventListener("abort", interrupt, { once: true });
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", interrupt);
      finish();
    };
    child.on("error", (error: NodeJS.ErrnoException) =>
      settle(() => reject(new CommandError(startFailure(error), text, {}))),
    );
    child.on("close", (code, signal) =>
      settle(() => {
        if (code === 0) return resolve(output);
        const exitCode = code ?? undefined;
        const reason = timedOut
          ? `took longer than ${options.timeoutMs} ms`
          : `ended with ${signal ?? `code ${code}`}`;
        reject(
          new CommandError(reason, text, {
            ...output,
            ...(exitCode !== undefined && { exitCode }),
          }),
        );
      }),
    );
    child.stdin?.on("error", () => {}); // A child that ends without reading its input is judged by its exit code.
    child.stdin?.end(options.input ?? "");
  });
}

/** Starts a program without waiting for it. SIGINT and SIGTERM have their default effect in it. */
export function start(
  command: string,
  args: readonly string[],
  { cwd, env = plainEnvironment(), detached }: StartOptions,
  stdio: SpawnOptions["stdio"],
): ChildProcess {
  // Nothing else is passed on: with a `signal`, Node.js would end the child by SIGTERM itself.
  return spawn(command, args, { cwd, env, detached, stdio });
}

type StartOptions = Pick<RunOptions, "cwd" | "env"> & Pick<SpawnOptions, "detached">;

/** What most programs need to find their files and each other, and no more: no secret of the user's. */
export function plainEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const name of passedOn) {
    if (process.env[name] !== undefined) environment[name] = process.env[name];
  }
  return { ...environment, ...extra };
}

const passedOn = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TERM",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
  "XDG_RUNTIME_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
];

/** The last `count` lines of a text. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

function collect(
  child: ChildProcess,
  output: { stdout: string; stderr: string },
  onLine?: (line: string) => void,
) {
  for (const name of ["stdout", "stderr"] as const) {
    const stream = child[name];
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
    });
    if (stream && onLine) createInterface({ input: stream }).on("line", onLine);
  }
}

function startFailure(error: NodeJS.ErrnoException): string {
  return error.code === "ENOENT" ? "not found" : `could not be started (${error.code})`;
}

function shellText(command: string, args: readonly string[]): string {
  return [command, ...args]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
