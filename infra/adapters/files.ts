import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";
import { type Dirent, lstatSync, readFileSync, statSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Problem, refuseProblems } from "../domain/errors.ts";

/** More than any text that is read in one piece. */
const maxTextBytes = 16 * 1024 * 1024;

/** What reading makes of bytes that are no character. */
const replacement = "\ufffd";

/**
 * The text of a file, or undefined when there is no such file. When there is one that is no text,
 * that is added to `problems`: a folder, a pipe that would be waited for, a link to nothing, bytes
 * that are not UTF-8, more than 16 MiB.
 *
 * It does not wait: the files of a stack are many and small, and to read one after the other takes a
 * third of the time of all at once.
 *
 * @param name what problems call the file
 */
export function readText(path: string, name: string, problems: Problem[]): string | undefined {
  const refuse = (message: string, line?: number) => {
    problems.push({ file: name, message, ...(line !== undefined && { line }) });
    return undefined;
  };
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return isLink(path) ? refuse("is a link to nothing") : undefined;
    if (!found.isFile()) return refuse(`is ${found.isDirectory() ? "a folder" : "no file"}`);
    if (found.size > maxTextBytes) return refuse(`has ${found.size} bytes; 16 MiB are allowed`);
    const text = readFileSync(path, "utf8");
    const line = text.includes(replacement) ? lineOfBadBytes(readFileSync(path)) : undefined;
    return line === undefined ? text : refuse("is not UTF-8 text", line);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // Something above it is a file, so it is not there.
    if (code === "ENOTDIR") return undefined;
    return refuse(`cannot be read (${code})`);
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** Counts from 1; undefined when all bytes are UTF-8. No byte of a longer character ends a line. */
function lineOfBadBytes(bytes: Buffer): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf("\n", start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

/**
 * The text of a file, or undefined when there is no such file.
 *
 * @param name what problems call the file. @default its path
 * @throws {UserError} `invalid-input` when it is no text, see `readText`.
 */
export async function readIfExists(path: string, name = path): Promise<string | undefined> {
  const problems: Problem[] = [];
  const text = readText(path, name, problems);
  refuseProblems(problems);
  return text;
}

/**
 * Writes a file so that a reader, or a kill at any moment, sees the old or the new content and
 * nothing between. The folder is made when it is missing.
 *
 * @param mode permission bits of the file. @default 0o600
 */
export async function writeAtomically(path: string, content: string | Uint8Array, mode = 0o600) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, content, { mode });
    const handle = await open(temporary, "r");
    await handle.sync().finally(() => handle.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Everything below a folder that is no folder itself, in an order that does not depend on the
 * machine.
 *
 * @param notEntered names of folders to leave out with all that is in them
 */
export async function listEntries(
  folder: string,
  notEntered: ReadonlySet<string>,
): Promise<Dirent[]> {
  const found: Dirent[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) found.push(entry);
    else if (!notEntered.has(entry.name)) {
      found.push(...(await listEntries(join(folder, entry.name), notEntered)));
    }
  }
  const path = (entry: Dirent) => join(entry.parentPath, entry.name);
  return found.sort((a, b) => (path(a) < path(b) ? -1 : 1));
}
