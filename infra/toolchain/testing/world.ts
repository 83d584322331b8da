import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";
import { root } from "../../adapters/paths.ts";
import { firstExecutable } from "../../adapters/programs.ts";
import { type Child, runChild } from "../../adapters/testing/child.ts";
import { temporaryFolder } from "../../adapters/testing/temporary-folder.ts";
import type { Download } from "../download.ts";
import type { ToolName } from "../manifest.ts";

/** A machine for toolchain tests: its own checkout, home, cache and PATH. */
export interface World {
  /** Holds everything below. */
  readonly folder: string;
  /** The cache of tools. */
  readonly tools: string;
  /** Runs `ensureTools` in a process of its own. */
  ensure(names: readonly ToolName[]): Child;
  /** Pins downloads for this platform. */
  pin(downloads: Partial<Record<ToolName, Download>>): Promise<void>;
  /** Puts a shell script on PATH. */
  addProgram(name: string, script: string): Promise<void>;
}

/** How `ensureTools` ended. */
export interface Ensured {
  readonly paths?: Record<string, string>;
  readonly error?: {
    readonly type: string;
    readonly code: string;
    readonly message: string;
    readonly hint: string;
  };
  /** What it reported. */
  readonly lines: readonly string[];
}

/** On PATH besides what a test adds: no Go, and no tool of ours. */
const basics = ["sh", "tar", "gzip", "cat", "cp", "mkdir", "sleep"];

const program = `
  const { ensureTools } = await load("infra/toolchain/tools.ts");
  const lines = [];
  const report = (line) => { lines.push(line); console.log("report: " + line); };
  const outcome = await ensureTools(JSON.parse(process.env.TOOLS), report).then(
    (paths) => ({ paths }),
    ({ constructor, code, message, hint }) => ({ error: { type: constructor.name, code, message, hint } }),
  );
  console.log("outcome: " + JSON.stringify({ ...outcome, lines }));
`;

/** Makes a world without Go, without a tool and without a download. */
export async function makeWorld(t: TestContext, env: NodeJS.ProcessEnv = {}): Promise<World> {
  const folder = await temporaryFolder(t);
  const bin = join(folder, "bin");
  const checkout = join(folder, "checkout");
  await mkdir(bin);
  for (const name of basics) await symlink(await which(name), join(bin, name));
  await cp(join(root, "infra/toolchain/modules"), join(checkout, "infra/toolchain/modules"), {
    recursive: true,
  });
  const environment = {
    PATH: bin,
    HOME: folder,
    XDG_CACHE_HOME: join(folder, "cache"),
    PULUMI_HOME: join(folder, "pulumi"),
    ...env,
  };
  return {
    folder,
    tools: join(folder, "cache", "slipway", "tools"),
    ensure: (names) =>
      runChild(t, program, { env: { ...environment, TOOLS: JSON.stringify(names) }, checkout }),
    pin: (downloads) => {
      const platform = `${process.platform}-${process.arch}`;
      const pins = Object.entries(downloads).map(([name, pin]) => [name, { [platform]: pin }]);
      const path = join(checkout, "infra/toolchain/downloads.json");
      return writeFile(path, JSON.stringify(Object.fromEntries(pins)));
    },
    addProgram: (name, script) =>
      writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 }),
  };
}

/** Waits for the end of `ensureTools`. */
export async function ensured(child: Child): Promise<Ensured> {
  const { stdout, stderr } = await child.ended();
  const line = stdout.split("\n").find((one) => one.startsWith("outcome: "));
  if (!line) throw new Error(`ensureTools did not end by itself\n${stdout}${stderr}`);
  return JSON.parse(line.replace("outcome: ", ""));
}

/** The text of each program that was placed, by its tool. */
export async function textsOf({ paths = {} }: Ensured): Promise<Record<string, string>> {
  const texts = Object.entries(paths).map(async ([name, path]) => [
    name,
    await readFile(path, "utf8"),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}

async function which(name: string): Promise<string> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const path = await firstExecutable(folders.map((folder) => join(folder, name)));
  if (!path) throw new Error(`${name} is not on PATH`);
  return path;
}
