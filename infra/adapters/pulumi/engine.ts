import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../../domain/errors.ts";
import { projectFolder, root } from "../paths.ts";
import { lastLines, plainEnvironment, run, start } from "../process.ts";
import type { Report } from "../report.ts";
import { type Change, changeOf, type EngineEvent, parseEvent } from "./events.ts";
import { enginePath, pulumiHome } from "./home.ts";
import { serveProgram } from "./language-server.ts";
import type { Program } from "./program.ts";
import { noteEngine } from "./running-engine.ts";

/** One of Slipway's two Pulumi projects, a folder under infra. */
export type Project = "build" | "deploy";

/** What the engine is to do, and for whom. */
export interface EngineRun {
  readonly project: Project;
  readonly stack: string;
  /** Read by the engine, never on its command line. */
  readonly passphraseFile: string;
  /** What describes the resources. Not needed to destroy them. */
  readonly program?: Program;
  /** Compare with the live resources first, and not only with the last state. @default false */
  readonly refresh?: boolean;
  /** Added to what the engine and its plugins see of the environment. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Values that must not show, wherever the engine would print them. */
  readonly secrets?: readonly string[];
  readonly report?: Report;
  /** Interrupts the engine, which then ends the steps that run, saves the state and unlocks it. */
  readonly signal?: AbortSignal;
}

export interface EngineResult {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly changes: readonly Change[];
}

/** The engine ended with an error: what it said about it. */
export class EngineError extends UserError {}

/**
 * Runs the Pulumi engine. The program runs once, in this process: no preview before an update, and
 * no second Node.js for the program.
 *
 * @throws {EngineError} `engine-failed` with the engine's own diagnostics, `engine-interrupted`;
 * `field-conflict` when somebody else owns a field that is to change.
 */
export async function runEngine(
  command: "up" | "preview" | "destroy",
  options: EngineRun,
): Promise<EngineResult> {
  const server = options.program ? await serveProgram(options.program) : undefined;
  try {
    const client = server ? [`--client=${server.address}`] : [];
    const refresh = options.refresh ? ["--refresh=true"] : [];
    const yes = command === "preview" ? [] : ["--yes", "--skip-preview"];
    return await follow(
      [command, "--json", ...yes, ...client, ...refresh, `--stack=${options.stack}`],
      options,
    );
  } finally {
    server?.close();
  }
}

/** Makes the stack, unless the backend has it already. */
export async function ensureStack(options: EngineRun): Promise<void> {
  if (usesLocalState() && existsSync(stateFile(options))) return;
  // Without a look at the local state, only the backend itself can tell.
  const args = usesLocalState() ? ["stack", "init"] : ["stack", "select", "--create"];
  await pulumi([...args, `--stack=${options.stack}`], options);
}

/** The state file of a stack, when the state is kept in this checkout. */
export function stateFile({ project, stack }: Pick<EngineRun, "project" | "stack">): string {
  return join(backendFolder, ".pulumi", "stacks", project, `${stack}.json`);
}

/** True unless PULUMI_BACKEND_URL names another backend than the checkout's own folder. */
export function usesLocalState(): boolean {
  return !process.env.PULUMI_BACKEND_URL;
}

/** Where the engine keeps its state, unless PULUMI_BACKEND_URL says otherwise. */
export const backendFolder = join(projectFolder, "state");

function environmentOf({ passphraseFile, environment }: EngineRun): NodeJS.ProcessEnv {
  const cloud = Object.entries(process.env).filter(([key]) => /^(AWS|AZURE|GOOGLE|ARM)_/.test(key));
  return plainEnvironment({
    ...(usesLocalState() ? {} : Object.fromEntries(cloud)),
    PULUMI_HOME: pulumiHome(),
    PULUMI_BACKEND_URL: process.env.PULUMI_BACKEND_URL || `file://${backendFolder}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    // The state stays on this machine, so there is no page to link to.
    PULUMI_SUPPRESS_NEO_LINK: "true",
    ...environment,
  });
}

function pulumi(args: readonly string[], options: EngineRun) {
  return privately(() =>
    run(enginePath(), [...args, "--non-interactive"], {
      cwd: join(root, "infra", options.project),
      env: environmentOf(options),
      ...(options.signal && { signal: options.signal }),
    }),
  );
}

/** The engine makes its state, backups and locks readable by all that its umask lets read them. */
function privately<T>(begin: () => T): T {
  const usual = process.umask(0o077);
  try {
    return begin();
  } finally {
    process.umask(usual);
  }
}

function follow(args: readonly string[], options: EngineRun): Promise<EngineResult> {
  return new Promise((resolve, reject) => {
    // Its own process group, so that Ctrl-C in a terminal reaches it once, from here: two interrupts
    // make it leave at once, without saving what it did.
    const child = privately(() =>
      start(
        enginePath(),
        [...args, "--non-interactive", "--color=never", "--suppress-permalink=true"],
        {
          cwd: join(root, "infra", options.project),
          env: environmentOf(options),
          detached: true,
        },
        ["ignore", "pipe", "pipe"],
      ),
    );
    noteEngine(options.project, options.stack, child.pid);
    const log = new EngineLog(options);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => log.add(line));
    }
    const interrupt = () => child.kill("SIGINT");
    if (options.signal?.aborted) interrupt();
    options.signal?.addEventListener("abort", interrupt, { once: true });
    child.on("error", reject);
    child.on("close", (code) => {
      options.signal?.removeEventListener("abort", interrupt);
      if (code === 0) resolve(log.result());
      else reject(log.failure(options.signal?.aborted === true));
    });
  });
}

/** Collects what the engine says, in the order it says it. */
class EngineLog {
  private readonly changes: Change[] = [];
  private readonly errors: string[] = [];
  private readonly text: string[] = [];
  /** The operation that is under way, by URN. */
  private readonly begun = new Map<string, string>();
  private outputs: Record<string, unknown> = {};
  private readonly run: EngineRun;

  constructor(run: EngineRun) {
    this.run = run;
  }

  add(line: string): void {
    const event = parseEvent(line);
    if (event) this.addEvent(event);
    else if (line.trim()) this.text.push(line);
  }

  result(): EngineResult {
    return { outputs: this.outputs, changes: this.changes };
  }

  failure(interrupted: boolean): EngineError {
    if (interrupted) return new EngineError("engine-interrupted", "The engine was interrupted");
    const said = this.errors.length > 0 ? this.errors : this.text;
    const text = this.hide(lastLines(said.join("\n"), 40));
    // The engine takes fields back from kubectl, but from nobody else.
    if (!/Apply failed with \d+ conflict/.test(text)) return new EngineError("engine-failed", text);
    return new EngineError("field-conflict", text, `npx slipway drift ${this.run.stack} --fix`);
  }

  private addEvent({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: EngineEvent): void {
    if (resourcePreEvent) {
      this.begun.set(resourcePreEvent.metadata.urn, resourcePreEvent.metadata.op);
    }
    if (resOutputsEvent) {
      const { metadata } = resOutputsEvent;
      if (metadata.type === "pulumi:pulumi:Stack") this.outputs = metadata.new?.outputs ?? {};
      // What a refresh found is told as an update of the state; nothing in the world was changed.
      const refreshed = this.begun.get(metadata.urn) === "refresh";
      const change = refreshed ? undefined : changeOf(metadata);
      if (change) {
        this.changes.push(change);
        this.run.report?.(`${change.operation} ${change.kind} ${change.name}`);
      }
    }
    if (diagnosticEvent?.severity === "error") this.errors.push(diagnosticEvent.message.trim());
    if (diagnosticEvent?.severity === "warning") {
      this.run.report?.(this.hide(`warning: ${diagnosticEvent.message.trim()}`));
    }
  }

  private hide(text: string): string {
    const values = this.run.secrets?.filter((value) => value.length > 3) ?? [];
    return values.reduce((shown, value) => shown.replaceAll(value, "[secret]"), text);
  }
}
