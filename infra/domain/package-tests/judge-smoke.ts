import type { Path } from "../text/document.ts";
import { mismatch } from "./expectation.ts";
import type { SmokeExpectation } from "./smoke-file.ts";

/** What an agent answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** How a command ended, and what it printed. */
export interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** One thing that is not as expected: its place below `expect`, and what was found. */
export interface Miss {
  readonly path: Path;
  readonly message: string;
}

/** What is wrong with an answer. */
export function judgeAnswer(expected: SmokeExpectation, { status, body }: Answer): readonly Miss[] {
  const { status: wanted = 200, json = [], body: text } = expected;
  if (status !== wanted) {
    const message = `expected status ${wanted}, found ${status}: ${start(body)}`;
    return [{ path: ["status"], message }];
  }
  const parsed = json.length > 0 ? parse(body) : undefined;
  if (json.length > 0 && parsed === undefined) {
    return [{ path: ["json"], message: `expected JSON, found: ${start(body)}` }];
  }
  return [
    ...json.flatMap((one, index) => missed(["json", index], mismatch(one, parsed?.value))),
    ...(text ? missed(["body"], mismatch(text, body)) : []),
  ];
}

/** What is wrong with how a command ended. */
export function judgeEnd(expected: SmokeExpectation, { exitCode, output }: Ended): readonly Miss[] {
  const { exitCode: wanted = 0, output: text } = expected;
  if (exitCode !== wanted) {
    const message = `expected exit code ${wanted}, found ${exitCode}: ${start(output)}`;
    return [{ path: ["exitCode"], message }];
  }
  return text ? missed(["output"], mismatch(text, output)) : [];
}

function missed(path: Path, message: string | undefined): readonly Miss[] {
  return message === undefined ? [] : [{ path, message }];
}

function parse(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}

function start(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= 300 ? trimmed : `${trimmed.slice(0, 300)}...`;
}
