import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { UserError } from "../infra/domain/errors.ts";

/** Far more than a Secret may hold (1 MiB, https://kubernetes.io/docs/concepts/configuration/secret/). */
const maxBytes = 4 * 1024 * 1024;

/**
 * Reads a secret: from a terminal a line that is not shown, else everything on standard input. One
 * line break at the end does not belong to it.
 *
 * @throws {UserError} `secret-input` when it is no text, or far too long; `no-answer` at the end of
 * the terminal's input.
 */
export async function readSecretInput(question: string, signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  const text = stdin.isTTY ? await askHidden(question, signal) : await readAll(stdin);
  return text.replace(/\r?\n$/, "");
}

/**
 * Like `readSecretInput`, but a terminal is asked twice: nobody sees what is typed.
 *
 * @throws {UserError} `secret-input` when the two differ.
 */
export async function readNewPassphrase(question: string, signal: AbortSignal): Promise<string> {
  const first = await readSecretInput(question, signal);
  if (!process.stdin.isTTY || first === (await readSecretInput("Once more", signal))) return first;
  throw new UserError("secret-input", "The two are not the same", "type it again");
}

async function readAll(input: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of input) {
    length += part.length;
    if (length > maxBytes) throw inputError(`is longer than ${maxBytes} bytes`);
    parts.push(part);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
  } catch {
    throw inputError("is not UTF-8 text");
  }
}

function inputError(what: string): UserError {
  return new UserError("secret-input", `What was read from standard input ${what}`);
}

async function askHidden(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(`${question}: `);
  // A terminal that readline drives shows only what readline writes.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const ended = new Promise<never>((_, reject) => {
    terminal.once("close", () => reject(new UserError("no-answer", "there was no answer")));
  });
  try {
    return await Promise.race([terminal.question("", { signal }), ended]);
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
