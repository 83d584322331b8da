import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../errors.ts";
import { randomNumbers } from "../test/random-numbers.ts";
import { type ArchivedFile, archiveLimits, readTar, writeTar } from "./tar.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const file = (path: string, text = "x", executable = false): ArchivedFile => ({
  path,
  executable,
  content: bytes(text),
});

const sample = [
  file("files.json", "{}"),
  file("app/run.sh", "#!/bin/sh\n", true),
  file("app/leer.txt", ""),
  file(`${"folder/".repeat(20)}a-name.txt`, "y".repeat(513)),
  file("prompts/grüße.md", "hello"),
];

/** The sample with some bytes of its first header changed, one for each character, and a checksum that fits. */
function forged(offset: number, text: string): Uint8Array {
  const archive = writeTar(sample);
  archive.set(Buffer.from(text, "latin1"), offset);
  archive.set(bytes(" ".repeat(8)), 148);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.set(bytes(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return archive;
}

function refusal(archive: Uint8Array): UserError {
  try {
    readTar(archive);
  } catch (error) {
    assert.ok(error instanceof UserError, `${(error as Error).stack}`);
    return error;
  }
  throw new assert.AssertionError({ message: "the archive was read" });
}

test("what was written is read again, with paths of every length and modes", () => {
  const read = readTar(writeTar(sample)).map((one) => ({ ...one, content: [...one.content] }));
  assert.deepEqual(
    read,
    sample.map((one) => ({ ...one, content: [...one.content] })),
  );
});

test("a header holds nothing of the machine: owner, group and time are zero", () => {
  const header = new TextDecoder().decode(writeTar([file("a", "x", true)]).subarray(0, 512));
  assert.equal(
    header.slice(100, 148),
    `0000755\0${"0000000\0".repeat(2)}00000000001\u000000000000000\0`,
  );
  assert.equal(header.slice(156, 265), `0${"\0".repeat(100)}ustar\u000000`);
});

for (const [what, offset, text, reason] of [
  ["a path from the root", 0, "/etc/passwd\0", "is absolute"],
  ["a path that leads out", 0, "../../escape\0", 'leads out of the package by "..'],
  ["a path that leads out by its prefix", 345, "../..\0", 'leads out of the package by "..'],
  ["a path of Windows", 0, "..\\escape.txt\0", "some file systems do not allow"],
  ["a path with a control character", 0, "a\u001b[31m\0", "some file systems do not allow"],
  ["an empty path", 0, "\0".repeat(100), "is empty"],
  ["a path that is not UTF-8", 0, "\u00ff", "not UTF-8"],
  ["a hard link", 156, "1", "is not a plain file"],
  ["a symbolic link", 156, "2", "is not a plain file"],
  ["a character device", 156, "3", "is not a plain file"],
  ["a folder", 156, "5", "is not a plain file"],
  ["a header that renames the next file", 156, "x", "is not a plain file"],
  ["a long name of GNU tar", 156, "L", "is not a plain file"],
  ["a plain file that has a target", 157, "/etc/passwd\0", "is not a plain file"],
  ["a size that is no number", 124, "-0000000001\0", "no number"],
  ["a size beyond the end", 124, "00000777777\0", "is cut off"],
  ["a file above the limit", 124, "77777777777\0", "is larger than 16 MiB"],
  ["a size in base 256", 124, "\u0080\0\0\0\0\0\0\0\0\0\0", "not UTF-8"],
  ["another format", 257, "notar", "is no ustar archive"],
] as const) {
  test(`${what} is refused`, () => {
    const { code, message } = refusal(forged(offset, text));
    assert.equal(code, "bad-archive");
    assert.match(message, new RegExp(reason.replaceAll(".", "\\.")));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them.
    assert.doesNotMatch(message, /[\u0000-\u001f]/);
  });
}

for (const [one, other] of [
  ["a.txt", "a.txt"],
  ["README.md", "readme.MD"],
  ["app", "app/main.py"],
  ["app/main.py", "App/other.py"],
  ["ﬁle", "file"],
] as const) {
  test(`${one} and ${other} in one archive are refused`, () => {
    assert.match(refusal(writeTar([file(one), file(other)])).message, /are one name on some file/);
  });
}

test("more files and more bytes than allowed are refused", () => {
  const many = Array.from({ length: archiveLimits.files + 1 }, (_, index) => file(`f${index}`, ""));
  assert.match(refusal(writeTar(many)).message, /more than 4096 files/);
  const content = new Uint8Array(archiveLimits.fileBytes);
  const large = [0, 1, 2, 3, 4].map((index) => ({ path: `f${index}`, executable: false, content }));
  assert.match(refusal(writeTar(large)).message, /more than 64 MiB/);
});

test("bytes that no file owns are refused", () => {
  const archive = writeTar([file("a", "x")]);
  const hidden = archive.slice();
  hidden[513] = 1;
  assert.match(refusal(hidden).message, /data hides between its files/);
  const behind = archive.slice();
  behind[behind.length - 1] = 1;
  assert.match(refusal(behind).message, /data follows its end/);
  assert.match(refusal(archive.subarray(0, -512)).message, /ends in the middle/);
});

test("3000 mutated archives are read safely or refused, and none is anything else", () => {
  const original = writeTar(sample);
  const next = randomNumbers(42);
  let refused = 0;
  for (let round = 0; round < 3000; round++) {
    const archive = mutate(original, next);
    try {
      for (const { path } of readTar(archive)) {
        assert.ok(!path.startsWith("/") && !path.split("/").includes(".."), path);
      }
    } catch (error) {
      assert.ok(error instanceof UserError, `round ${round}: ${(error as Error).stack}`);
      refused++;
    }
  }
  assert.ok(refused > 1500, `${refused} were refused`);
});

function mutate(original: Uint8Array, next: (limit: number) => number): Uint8Array {
  const archive = original.slice();
  for (let count = 1 + next(4); count > 0; count--) {
    const start = next(archive.length);
    if (next(3) === 0) archive.copyWithin(next(archive.length), start, start + next(600));
    else archive[start] = next(256);
  }
  // Half of them with a first header whose checksum fits, so that what lies behind it is reached.
  if (next(2) === 0) {
    archive.fill(32, 148, 156);
    const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    archive.set(bytes(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  }
  return next(4) === 0 ? archive.subarray(0, next(archive.length)) : archive;
}
