import type { Problem } from "../errors.ts";
import type { PlainMap } from "../plain-map.ts";
import { documentProblems, type Violation } from "../text/check.ts";
import { readDocument, type SourceDocument } from "../text/document.ts";
import { apiVersion, seconds } from "../text/rules.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";
import { type Expectation, expectationProblems, expectationSchema } from "./expectation.ts";

/** One test of an agent that runs: a request to it, or a command beside it. */
export interface SmokeCase {
  readonly name: string;
  readonly request?: SmokeRequest;
  /** Run once in a pod of its own that has the agent's image, settings, secrets and locks. */
  readonly command?: readonly string[];
  /** @default 30 */
  readonly timeoutSeconds?: number;
  readonly expect: SmokeExpectation;
}

/** An HTTP request to the agent's port. */
export interface SmokeRequest {
  /** @default GET, or POST with a body */
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Body, sent as JSON. */
  readonly json?: PlainMap;
}

/** What has to come back. */
export interface SmokeExpectation {
  /** Of a request. @default 200 */
  readonly status?: number;
  /** What the answer's JSON has to be. @default none */
  readonly json?: readonly Expectation[];
  /** What the answer's text has to be. @default none */
  readonly body?: Expectation;
  /** Of a command. @default 0 */
  readonly exitCode?: number;
  /** What the command's output has to be. @default none */
  readonly output?: Expectation;
}

/** The tests in a package's `tests/smoke.yaml`. */
export interface SmokeFile {
  readonly cases: readonly SmokeCase[];
  readonly document: SourceDocument;
}

/** Name of the file in a package's `tests` folder; the other files there need no cluster. */
export const smokeFileName = "smoke.yaml";

const text: Schema = { type: "string", minLength: 1, maxLength: 500 };

/** The shape of `tests/smoke.yaml`. */
export const smokeFileSchema: Schema = closed({
  apiVersion,
  cases: {
    type: "array",
    minItems: 1,
    items: closed(
      {
        name: text,
        request: closed(
          {
            method: { type: "string", enum: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] },
            path: { type: "string", pattern: "^/\\S*$", description: "a path that starts with /" },
            headers: mapOf({ type: "string" }, text),
            json: { type: "object" },
          },
          ["path"],
        ),
        command: { type: "array", items: { type: "string" }, minItems: 1 },
        timeoutSeconds: seconds(1, 3600),
        expect: closed(
          {
            status: { type: "integer", minimum: 100, maximum: 599 },
            json: { type: "array", items: expectationSchema },
            body: expectationSchema,
            exitCode: { type: "integer", minimum: 0, maximum: 255 },
            output: expectationSchema,
          },
          [],
        ),
      },
      ["name", "expect"],
    ),
  },
});

/** Reads a `smoke.yaml`; what is wrong with it is added to `problems`. */
export function readSmokeFile(
  file: string,
  content: string,
  problems: Problem[],
): SmokeFile | undefined {
  const document = readDocument(file, content);
  const misshapen = documentProblems(document, smokeFileSchema);
  problems.push(...misshapen);
  if (misshapen.length > 0) return undefined;
  const { cases } = document.value as { cases: readonly SmokeCase[] };
  const wrong = cases.flatMap(caseProblems);
  problems.push(...wrong.map(({ path, message }) => document.problemAt(path, message)));
  return wrong.length > 0 ? undefined : { cases, document };
}

function caseProblems(one: SmokeCase, index: number): readonly Violation[] {
  const path = ["cases", index];
  if ((one.request === undefined) === (one.command === undefined)) {
    return [{ path, message: "exactly one of request and command must be there" }];
  }
  const { json = [], body, output } = one.expect;
  const strange = one.request ? ["exitCode", "output"] : ["status", "json", "body"];
  const own = [...path, "expect"];
  return [
    ...Object.keys(one.expect)
      .filter((key) => strange.includes(key))
      .map((key) => ({
        path: [...own, key],
        message: `"${key}" is for a ${one.request ? "command" : "request"}`,
      })),
    ...json.flatMap((each, place) => expectationProblems(each, [...own, "json", place])),
    ...(body ? expectationProblems(body, [...own, "body"]) : []),
    ...(output ? expectationProblems(output, [...own, "output"]) : []),
  ];
}
