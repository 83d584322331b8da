import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { root } from "../adapters/paths.ts";
import { plainEnvironment, start } from "../adapters/process.ts";

/** What a command of the command line came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly pid: number;
  /** Resolves when the command has said this on standard error. Rejects when it ends without. */
  readonly said: (text: string) => Promise<void>;
  readonly ended: Promise<Outcome>;
}

/** A checkout of its own: its own stacks, state, passphrases and namespaces, on the shared cluster. */
export interface Workspace {
  readonly folder: string;
  /** Namespace of an environment. */
  readonly namespace: (environment: string) => string;
  /** The port of the node on which dev's agent answers. */
  readonly port: number;
  readonly slipway: (args: readonly string[], environment?: NodeJS.ProcessEnv) => Promise<Outcome>;
  readonly start: (args: readonly string[], environment?: NodeJS.ProcessEnv) => Running;
  /** Replaces text in a file of the workspace, which has to be there. */
  readonly edit: (file: string, from: string | RegExp, to: string) => Promise<void>;
  readonly write: (file: string, text: string, mode?: number) => Promise<void>;
  readonly read: (file: string) => Promise<string>;
  readonly chmod: (file: string, mode: number) => Promise<void>;
  readonly remove: (file: string) => Promise<void>;
}

/**
 * Copies the checkout as it is. Everything that the copy puts into the cluster is removed when the
 * test ends.
 */
export async function makeWorkspace(t: TestContext): Promise<Workspace> {
  const workspace = await copyParts();
  const prefix = workspace.namespace("");
  await workspace.edit("stacks/pipeline.yaml", /namespace: agents-/g, `namespace: ${prefix}`);
  await workspace.edit(
    "stacks/dev/fastapi-agent/values.yaml",
    "nodePort: 30080",
    `nodePort: ${workspace.port}`,
  );
  t.after(async () => {
    for (const environment of ["dev", "staging", "prod"]) {
      await workspace.slipway(["destroy", environment, "--yes"]);
    }
    await rm(workspace.folder, { recursive: true, force: true });
  });
  return workspace;
}

/** Copies the checkout as it is, for commands that need no cluster, until the test ends. */
export async function copyCheckout(t: TestContext): Promise<Workspace> {
  const workspace = await copyParts();
  t.after(() => rm(workspace.folder, { recursive: true, force: true }));
  return workspace;
}

async function copyParts(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-e2e-"));
  for (const part of copied) {
    await cp(join(root, part), join(folder, part), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !own.test(path),
    });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const port = 31000 + Math.floor(Math.random() * 1000);
  return access(folder, `e2e-${randomBytes(3).toString("hex")}`, port);
}

/** Runs a command that has to end with exit code 0, and shows what it said when it does not. */
export async function succeed(workspace: Workspace, args: readonly string[]): Promise<Outcome> {
  const outcome = await workspace.slipway(args);
  assert.equal(outcome.code, 0, `slipway ${args.join(" ")}\n${outcome.stderr}${outcome.stdout}`);
  return outcome;
}

const copied = [
  "infra",
  "scripts",
  "stacks",
  ".gitignore",
  "README.md",
  "package.json",
  "package-lock.json",
];

/** What belongs to the checkout that is copied: its releases, its secrets, what its tools made. */
const own =
  /__pycache__|\.venv|_cache$|stacks\/(Pulumi\.|\.env\.(?!example)|.*\/(release\.json|releases|evidence\.json))/;

function access(folder: string, id: string, port: number): Workspace {
  const path = (file: string) => join(folder, file);
  const begin = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    begun(folder, args, environment);
  return {
    folder,
    port,
    namespace: (environment) => `${id}-${environment}`,
    start: begin,
    slipway: (args, environment) => begin(args, environment).ended,
    read: (file) => readFile(path(file), "utf8"),
    chmod: (file, mode) => chmod(path(file), mode),
    remove: (file) => rm(path(file)),
    write: async (file, text, mode = 0o644) => {
      await mkdir(dirname(path(file)), { recursive: true });
      await writeFile(path(file), text, { mode });
    },
    edit: async (file, from, to) => {
      const text = await readFile(path(file), "utf8");
      const edited = text.replace(from, to);
      if (edited === text) throw new Error(`${file} does not hold ${from}`);
      await writeFile(path(file), edited);
    },
  };
}

function begun(folder: string, args: readonly string[], environment: NodeJS.ProcessEnv): Running {
  const child = start(
    process.execPath,
    [join(folder, "scripts", "slipway.mjs"), ...args],
    { cwd: folder, env: plainEnvironment(environment) },
    ["ignore", "pipe", "pipe"],
  );
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<Outcome>((resolve) => {
    child.on("close", (code) => resolve({ code, ...output }));
  });
  const said = async (text: string) => {
    const heard = new Promise<true>((resolve) => {
      const listener = () => output.stderr.includes(text) && resolve(true);
      listeners.add(listener);
      listener();
    });
    if ((await Promise.race([heard, ended])) !== true) {
      throw new Error(`ended without saying "${text}":\n${output.stderr}`);
    }
  };
  return { pid: child.pid ?? 0, said, ended };
}
