import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { readIfExists } from "../../adapters/files.ts";

/** What a fake program does when its arguments start with `args`. */
export interface FakeAnswer {
  readonly args: string;
  readonly stdout?: string;
  readonly exitCode?: number;
}

/** A folder of fake programs that is first on PATH until it is closed. */
export interface FakePrograms {
  readonly folder: string;
  /** Adds a program. The first answer whose `args` fit counts; without one it ends with 0. */
  add(name: string, answers?: readonly FakeAnswer[]): Promise<void>;
  /** Every call so far, as "name arg arg". */
  calls(): Promise<string[]>;
  /** What the last call of the program got on standard input. */
  input(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Puts a folder of fake programs on PATH, which note how they are called. */
export async function fakePrograms(): Promise<FakePrograms> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-fake-"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  const log = join(folder, "calls");
  const oldPath = process.env.PATH;
  process.env.PATH = `${bin}${delimiter}${oldPath}`;
  return {
    folder,
    add: async (name, answers = []) => {
      const cases = answers.map(
        ({ args, stdout = "", exitCode = 0 }) =>
          `case "$*" in ${quote(args)}*) printf '%s' ${quote(stdout)}; exit ${exitCode};; esac`,
      );
      const note = `echo "${name} $*" >> ${quote(log)}\ncat > ${quote(join(folder, `${name}.input`))}`;
      await writeFile(join(bin, name), `#!/bin/sh\n${note}\n${cases.join("\n")}\nexit 0\n`);
      await chmod(join(bin, name), 0o755);
    },
    calls: async () => ((await readIfExists(log)) ?? "").split("\n").filter(Boolean),
    input: (name) => readFile(join(folder, `${name}.input`), "utf8"),
    close: async () => {
      process.env.PATH = oldPath;
      await rm(folder, { recursive: true });
    },
  };
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
