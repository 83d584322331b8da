import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import yargs, { type Argv } from "yargs";
import { root } from "../infra/adapters/paths.ts";
import { RefusedError, UserError } from "../infra/domain/errors.ts";
import {
  type Command,
  type CommonArguments,
  type Context,
  type ExitCode,
  exitCodes,
} from "./command.ts";
import { benchCommand } from "./commands/bench.ts";
import { buildCommand } from "./commands/build.ts";
import { clusterCommand } from "./commands/cluster.ts";
import { configCheckCommand } from "./commands/config/check.ts";
import { configDiffCommand } from "./commands/config/diff.ts";
import { configDocsCommand } from "./commands/config/docs.ts";
import { configExplainCommand } from "./commands/config/explain.ts";
import { deployCommand } from "./commands/deploy.ts";
import { destroyCommand } from "./commands/destroy.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { driftCommand } from "./commands/drift.ts";
import { exportHelmCommand } from "./commands/export/helm.ts";
import { freezeCommand } from "./commands/freeze.ts";
import { gateCommand } from "./commands/gate.ts";
import { historyCommand } from "./commands/history.ts";
import { newCommand } from "./commands/new.ts";
import { packageBuildCommand } from "./commands/package/build.ts";
import { packageLintCommand } from "./commands/package/lint.ts";
import { packageLockCommand } from "./commands/package/lock.ts";
import { packagePullCommand } from "./commands/package/pull.ts";
import { packagePushCommand } from "./commands/package/push.ts";
import { packageShowCommand } from "./commands/package/show.ts";
import { packageTestCommand } from "./commands/package/test.ts";
import { packageVerifyCommand } from "./commands/package/verify.ts";
import { pipelineAdvanceCommand } from "./commands/pipeline/advance.ts";
import { pipelineShowCommand } from "./commands/pipeline/show.ts";
import { previewCommand } from "./commands/preview.ts";
import { promoteCommand } from "./commands/promote.ts";
import { quickstartCommand } from "./commands/quickstart.ts";
import { recallCommand } from "./commands/recall.ts";
import { recordCommand } from "./commands/record.ts";
import { renderCommand } from "./commands/render.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { secretsListCommand } from "./commands/secrets/list.ts";
import { secretsPassphraseCommand } from "./commands/secrets/passphrase.ts";
import { secretsRemoveCommand } from "./commands/secrets/remove.ts";
import { secretsRotateCommand } from "./commands/secrets/rotate.ts";
import { secretsSetCommand } from "./commands/secrets/set.ts";
import { secretsSyncCommand } from "./commands/secrets/sync.ts";
import { statusCommand } from "./commands/status.ts";
import { unfreezeCommand } from "./commands/unfreeze.ts";
import { unlockCommand } from "./commands/unlock.ts";
import { verifyCommand } from "./commands/verify.ts";
import { nameOf, usageError } from "./usage.ts";

// biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own.
const commands: readonly Command<any>[] = [
  doctorCommand,
  quickstartCommand,
  clusterCommand,
  newCommand,
  buildCommand,
  renderCommand,
  exportHelmCommand,
  previewCommand,
  deployCommand,
  statusCommand,
  verifyCommand,
  promoteCommand,
  gateCommand,
  rollbackCommand,
  historyCommand,
  recordCommand,
  recallCommand,
  freezeCommand,
  unfreezeCommand,
  driftCommand,
  pipelineShowCommand,
  pipelineAdvanceCommand,
  configExplainCommand,
  configDiffCommand,
  configCheckCommand,
  configDocsCommand,
  packageLintCommand,
  packageTestCommand,
  packageBuildCommand,
  packagePushCommand,
  packagePullCommand,
  packageVerifyCommand,
  packageShowCommand,
  packageLockCommand,
  secretsListCommand,
  secretsSetCommand,
  secretsRemoveCommand,
  secretsSyncCommand,
  secretsRotateCommand,
  secretsPassphraseCommand,
  unlockCommand,
  destroyCommand,
  benchCommand,
];

/** Runs the command line and sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write("\ninterrupted: ending cleanly, once more to leave at once\n");
    interrupt.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough, such as head, is no failure.
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await run(argv, interrupt.signal);
  process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
}

async function run(argv: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const json = argv.includes("--json");
  let code: ExitCode = exitCodes.done;
  try {
    await parser(argv, signal, (said) => {
      code = said;
    }).parseAsync();
    return signal.aborted ? exitCodes.interrupted : code;
  } catch (error) {
    return explain(error, json, signal.aborted);
  }
}

function parser(
  argv: readonly string[],
  signal: AbortSignal,
  onCode: (code: ExitCode) => void,
): Argv<CommonArguments> {
  const base = yargs([...argv])
    .scriptName("slipway")
    .usage("$0 <command>\n\nShips AI agents to Kubernetes.")
    .options({
      json: { type: "boolean", default: false, describe: "Print only the result, as JSON" },
      yes: { type: "boolean", default: false, describe: "Answer every question with yes" },
    })
    .strict()
    .demandCommand(1, "Which command?")
    .exitProcess(false)
    .version(version())
    .help()
    .alias("help", "h")
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .epilogue("Exit codes: 0 done, 1 bug, 2 you can fix it, 3 refused, 130 interrupted.")
    .fail((text: string | null, error: Error | undefined, usage: unknown) => {
      if (error && error.name !== "YError") throw error;
      // The published types take it for the parser itself.
      const { getDescriptions } = usage as { getDescriptions(): Record<string, unknown> };
      throw usageError(text ?? error?.message ?? "", {
        argv,
        commands: commands.map(({ command }) => command),
        options: Object.keys(getDescriptions()),
      });
    });
  const { groups, alone } = grouped(commands);
  for (const one of alone) register(base, one, one.command, signal, onCode);
  for (const [name, members] of groups) {
    const describe = groupDescriptions[name] ?? "";
    base.command(`${name} <command>`, describe, (own) => {
      for (const one of members) {
        register(own, one, one.command.slice(name.length + 1), signal, onCode);
      }
      const [example] = members;
      return own
        .demandCommand(1, `${name} needs a command`)
        .example(`$0 ${example?.command}`, example?.describe ?? "");
    });
  }
  return base;
}

/** What the commands whose names start with the same word are about. */
const groupDescriptions: Readonly<Record<string, string>> = {
  config: "Values of agents: where they come from, and how environments differ",
  export: "What other tools install without Slipway",
  pipeline: "The environments, and what lets a release from one into the next",
  secrets: "Secrets of a stack: encrypted, versioned by keyed digests, never shown",
  package: "Versioned folders with an agent: checked, tested, packed and shared",
};

function grouped(all: typeof commands) {
  const groups = new Map<string, Command<unknown>[]>();
  const alone = all.filter((one) => {
    const [group, ...rest] = nameOf(one.command).split(" ");
    if (group === undefined || rest.length === 0) return true;
    groups.set(group, [...(groups.get(group) ?? []), one]);
    return false;
  });
  return { groups, alone };
}

function register(
  parent: Argv<CommonArguments>,
  { describe, builder, run }: Command<unknown>,
  command: string,
  signal: AbortSignal,
  onCode: (code: ExitCode) => void,
): void {
  parent.command(
    command,
    describe,
    (own) => builder(own as Argv<CommonArguments>) as Argv,
    async (args) => {
      const common = args as unknown as CommonArguments;
      onCode((await run(common, contextFor(common, signal))) ?? exitCodes.done);
    },
  );
}

function contextFor({ json, yes }: CommonArguments, signal: AbortSignal): Context {
  return {
    signal,
    report: (line) => {
      process.stderr.write(`${line}\n`);
    },
    print: (value, text) => {
      const all = json ? JSON.stringify(value, null, 2) : text;
      if (typeof all === "string") process.stdout.write(`${all}\n`);
      else for (const piece of all) process.stdout.write(piece);
    },
    confirm: async (question) => {
      if (yes || !process.stdin.isTTY) return true;
      return /^y(es)?$/i.test(await answerTo(`${question} [y/N] `, signal));
    },
    ask: async (question, otherwise) => {
      if (yes || !process.stdin.isTTY) return otherwise;
      const usual = otherwise && ` [${otherwise}]`;
      return (await answerTo(`${question}${usual}: `, signal)) || otherwise;
    },
  };
}

/** What the user types. @throws {UserError} `no-answer` at the end of the input. */
async function answerTo(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // While it asks, the terminal hands Ctrl-C to it and not to the process.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const ended = new Promise<never>((_, reject) => {
    terminal.once("close", () => reject(new UserError("no-answer", "there was no answer")));
  });
  try {
    return (await Promise.race([terminal.question(question, { signal }), ended])).trim();
  } finally {
    terminal.close();
  }
}

function explain(error: unknown, json: boolean, interrupted: boolean): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  const code = error instanceof RefusedError ? exitCodes.refused : exitCodes.user;
  if (error instanceof UserError) {
    const { code: name, message, hint } = error;
    if (json) process.stdout.write(`${JSON.stringify({ error: { code: name, message, hint } })}\n`);
    process.stderr.write(`error: ${message}\n${hint ? `next:  ${hint}\n` : ""}`);
    return code;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (json)
    process.stdout.write(`${JSON.stringify({ error: { code: "bug", message: String(error) } })}\n`);
  process.stderr.write(`bug in slipway ${version()} on Node ${process.version}\n${text}\n`);
  return exitCodes.bug;
}

function version(): string {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
}
