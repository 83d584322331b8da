import type { Problem } from "../errors.ts";
import type { PlainMap } from "../plain-map.ts";
import { documentProblems, type Violation } from "../text/check.ts";
import { readDocument, type SourceDocument } from "../text/document.ts";
import { apiVersion, dnsLabel } from "../text/rules.ts";
import { closed, type Schema } from "../text/schema.ts";
import { type Expectation, expectationProblems, expectationShape } from "./expectation.ts";

/** One test of what a package is rendered to. */
export interface TestCase {
  readonly name: string;
  /** @default the package with its own defaults, in no environment */
  readonly environment?: string;
  /** Values that win over those of the files; `null` removes an inherited one. @default none */
  readonly set?: PlainMap;
  /** What the objects have to be. @default none */
  readonly expect?: readonly ObjectExpectation[];
  /** Part of the message with which these values must be refused. */
  readonly refused?: string;
}

/** What an object has to be. */
export interface ObjectExpectation extends Expectation {
  /**
   * A kind, and a name unless it is the agent's or the only one: `NetworkPolicy default-deny`. A
   * `*` stands for the rest of a name: `ConfigMap agent-files-*`.
   */
  readonly object: string;
}

/** The tests in one file of a package's `tests` folder. */
export interface TestFile {
  readonly cases: readonly TestCase[];
  readonly document: SourceDocument;
}

const text: Schema = { type: "string", minLength: 1, maxLength: 500 };

/** The shape of a file with tests. */
export const testFileSchema: Schema = closed({
  apiVersion,
  cases: {
    type: "array",
    minItems: 1,
    items: closed(
      {
        name: text,
        environment: dnsLabel(20),
        set: { type: "object" },
        expect: {
          type: "array",
          minItems: 1,
          items: closed(
            {
              object: {
                type: "string",
                pattern: "^[A-Z][A-Za-z]*( [a-z0-9.*-]+)?$",
                description: "a kind such as Deployment, and a name unless it is the agent's",
              },
              ...expectationShape,
            },
            ["object"],
          ),
        },
        refused: text,
      },
      ["name"],
    ),
  },
});

/** Reads a file with tests; what is wrong with it is added to `problems`. */
export function readTestFile(
  file: string,
  content: string,
  problems: Problem[],
): TestFile | undefined {
  const document = readDocument(file, content);
  const misshapen = documentProblems(document, testFileSchema);
  problems.push(...misshapen);
  if (misshapen.length > 0) return undefined;
  const { cases } = document.value as { cases: readonly TestCase[] };
  const wrong = cases.flatMap(caseProblems);
  problems.push(...wrong.map(({ path, message }) => document.problemAt(path, message)));
  return wrong.length > 0 ? undefined : { cases, document };
}

function caseProblems({ expect, refused }: TestCase, index: number): readonly Violation[] {
  const path = ["cases", index];
  if ((expect === undefined) === (refused === undefined)) {
    return [{ path, message: `exactly one of expect and refused must be there` }];
  }
  return (expect ?? []).flatMap((one, place) =>
    expectationProblems(one, [...path, "expect", place]),
  );
}
