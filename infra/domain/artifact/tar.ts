import { UserError } from "../errors.ts";
import { collisions, pathProblem, splitPath } from "./path.ts";

/** A file as an archive holds it. */
export interface ArchivedFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly executable: boolean;
  readonly content: Uint8Array;
}

/** More than any sensible package, and little enough to be held in memory. */
export const archiveLimits = {
  files: 4096,
  fileBytes: 16 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
} as const;

const blockSize = 512;

/** Offset and length in bytes of each field of a header. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  link: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const;

type Field = keyof typeof fields;

/** `ustar`, a zero byte, and version 00. */
const magic = "ustar\u000000";

/**
 * Writes an uncompressed ustar archive of plain files in the order given. Owners and times are zero
 * and modes 0644 or 0755, so equal files give equal bytes. Paths have to pass `pathProblem`.
 */
export function writeTar(files: readonly ArchivedFile[]): Uint8Array {
  const sizes = files.map(({ content }) => blockSize + padded(content.length));
  // The end of an archive is two empty blocks.
  const archive = new Uint8Array(sizes.reduce((sum, size) => sum + size, 2 * blockSize));
  let offset = 0;
  for (const [index, file] of files.entries()) {
    archive.set(header(file), offset);
    archive.set(file.content, offset + blockSize);
    offset += sizes[index] ?? 0;
  }
  return archive;
}

function header({ path, executable, content }: ArchivedFile): Uint8Array {
  const split = splitPath(path);
  if (split === undefined) throw new Error(`no header for the path ${path}`);
  const block = new Uint8Array(blockSize);
  const put = (field: Field, text: string) => {
    block.set(new TextEncoder().encode(text), fields[field][0]);
  };
  const putNumber = (field: Field, value: number) =>
    put(field, value.toString(8).padStart(fields[field][1] - 1, "0"));
  put("name", split.name);
  put("prefix", split.prefix);
  putNumber("mode", executable ? 0o755 : 0o644);
  putNumber("size", content.length);
  for (const field of ["owner", "group", "time", "major", "minor"] as const) putNumber(field, 0);
  put("type", "0");
  put("magic", magic);
  put("checksum", `${checksum(block).toString(8).padStart(6, "0")}\0 `);
  return block;
}

/**
 * Reads an archive that nobody vouches for. It may hold plain files only: no links, devices or
 * extensions, no path that leads elsewhere or that two file systems read differently, and no more
 * than `archiveLimits`.
 *
 * @throws {UserError} `bad-archive` with the first thing that is wrong.
 */
export function readTar(archive: Uint8Array): readonly ArchivedFile[] {
  const files: ArchivedFile[] = [];
  let offset = 0;
  let total = 0;
  for (;;) {
    const block = archive.subarray(offset, offset + blockSize);
    if (block.length < blockSize) throw bad("it ends in the middle");
    if (isEmpty(block)) break;
    const { size, ...file } = readHeader(block);
    total += size;
    if (total > archiveLimits.totalBytes)
      throw bad(`it holds more than ${megabytes("totalBytes")}`);
    if (files.length === archiveLimits.files) throw bad(`it has more than ${files.length} files`);
    const start = offset + blockSize;
    offset = start + padded(size);
    if (offset > archive.length) throw bad(`${quote(file.path)} is cut off`);
    if (!isEmpty(archive.subarray(start + size, offset))) throw bad("data hides between its files");
    files.push({ ...file, content: archive.subarray(start, start + size) });
  }
  refuseEnd(archive.subarray(offset));
  const [collision] = collisions(files.map(({ path }) => path));
  if (collision !== undefined) throw bad(collision);
  return files;
}

function refuseEnd(end: Uint8Array): void {
  if (end.length < 2 * blockSize) throw bad("it ends in the middle");
  if (end.length % blockSize !== 0 || !isEmpty(end)) throw bad("data follows its end");
}

function readHeader(block: Uint8Array) {
  if (text(block, "magic") !== magic) throw bad("it is no ustar archive");
  if (number(block, "checksum") !== checksum(block)) throw bad("the checksum of a header is wrong");
  const [prefix, name] = [text(block, "prefix"), text(block, "name")];
  const path = prefix === "" ? name : `${prefix}/${name}`;
  const problem = pathProblem(path);
  if (problem !== undefined) throw bad(`the path ${quote(path)} ${problem}`);
  const type = text(block, "type");
  if (type !== "0" || text(block, "link") !== "") throw bad(`${quote(path)} is not a plain file`);
  const size = number(block, "size");
  if (size > archiveLimits.fileBytes) {
    throw bad(`${quote(path)} is larger than ${megabytes("fileBytes")}`);
  }
  return { path, size, executable: (number(block, "mode") & 0o100) !== 0 };
}

function bytesOf(block: Uint8Array, field: Field): Uint8Array {
  const [offset, length] = fields[field];
  return block.subarray(offset, offset + length);
}

/** The text up to the first zero byte; of the magic all of it. */
function text(block: Uint8Array, field: Field): string {
  const bytes = bytesOf(block, field);
  const end = field === "magic" ? -1 : bytes.indexOf(0);
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    throw bad("a header holds text that is not UTF-8");
  }
}

function number(block: Uint8Array, field: Field): number {
  const digits = /^ *([0-7]+) *$/.exec(text(block, field))?.[1];
  if (digits === undefined) throw bad("a header holds something that is no number");
  return Number.parseInt(digits, 8);
}

/** The sum of all bytes of a header, with spaces in place of the checksum itself. */
function checksum(block: Uint8Array): number {
  const [start, length] = fields.checksum;
  return block.reduce(
    (sum, byte, index) => sum + (index >= start && index < start + length ? 32 : byte),
    0,
  );
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function isEmpty(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function megabytes(limit: "fileBytes" | "totalBytes"): string {
  return `${archiveLimits[limit] / 1024 / 1024} MiB`;
}

function quote(path: string): string {
  return JSON.stringify(path);
}

function bad(what: string): UserError {
  return new UserError("bad-archive", `The package's archive is refused: ${what}`);
}
