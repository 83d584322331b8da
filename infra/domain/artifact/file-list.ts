import { UserError } from "../errors.ts";
import { checkSchema } from "../text/check.ts";
import { closed, type Schema } from "../text/schema.ts";
import { readJson } from "./json.ts";
import { byPath } from "./path.ts";
import type { ArchivedFile } from "./tar.ts";

/** What a package says about one of its files. */
export interface FileRecord {
  readonly path: string;
  readonly mode: "0644" | "0755";
  /** In bytes. */
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

/** The SHA-256 of bytes, in hex. */
export type Sha256 = (content: Uint8Array) => string;

/** Name of the list of a package's files, which is in the package itself. */
export const fileListName = "files.json";

const digits: Schema = { type: "string", pattern: "^[0-9a-f]{64}$" };

const fileListSchema = closed({
  files: {
    type: "array",
    items: closed({
      path: { type: "string", minLength: 1, maxLength: 256 },
      mode: { type: "string", enum: ["0644", "0755"] },
      size: { type: "integer", minimum: 0 },
      sha256: digits,
    }),
  },
});

/** Lists files by their paths. */
export function listFiles(files: readonly ArchivedFile[], sha256: Sha256): readonly FileRecord[] {
  return files.map((file) => recordOf(file, sha256)).sort(byPath);
}

function recordOf({ path, executable, content }: ArchivedFile, sha256: Sha256): FileRecord {
  const mode = executable ? "0755" : "0644";
  return { path, mode, size: content.length, sha256: sha256(content) };
}

/** The text of a `files.json`, one property a line. */
export function renderFileList(files: readonly FileRecord[]): string {
  return `${JSON.stringify({ files }, null, 2)}\n`;
}

/** Reads a `files.json`. @throws {UserError} `bad-archive` when it is not one. */
export function parseFileList(text: string): readonly FileRecord[] {
  const value = readJson(text);
  const [violation] = checkSchema(fileListSchema, value);
  if (violation === undefined) return (value as { files: readonly FileRecord[] }).files;
  throw new UserError(
    "bad-archive",
    `${fileListName} is not a list of files: ${violation.message}`,
  );
}

/** Where files are not as a list says, one sentence for each file. */
export function fileDifferences(
  listed: readonly FileRecord[],
  found: readonly FileRecord[],
): readonly string[] {
  const actual = new Map(found.map((file) => [file.path, file]));
  const expected = new Set(listed.map(({ path }) => path));
  return [
    ...listed.flatMap((file) => difference(file, actual.get(file.path)) ?? []),
    ...found.filter(({ path }) => !expected.has(path)).map(({ path }) => `${path} is not listed`),
  ];
}

function difference(listed: FileRecord, found: FileRecord | undefined): string | undefined {
  const { path, size, mode, sha256 } = listed;
  if (found === undefined) return `${path} is missing`;
  if (found.size !== size) return `${path} has ${found.size} bytes in place of ${size}`;
  if (found.sha256 !== sha256) return `${path} has another content (SHA-256)`;
  return found.mode === mode ? undefined : `${path} has the mode ${found.mode} in place of ${mode}`;
}
