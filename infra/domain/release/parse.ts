import { type Problem, refuseProblems } from "../errors.ts";
import { documentProblems } from "../text/check.ts";
import { readDocument } from "../text/document.ts";
import { dnsLabel, semanticVersion } from "../text/rules.ts";
import { closed } from "../text/schema.ts";
import { imageReferencePattern, type Release } from "./release.ts";

/** The shape of a `release.json`. */
export const releaseSchema = closed({
  package: dnsLabel(),
  version: semanticVersion,
  image: {
    type: "string",
    pattern: imageReferencePattern,
    description: "an image by digest: repository@sha256: and 64 hexadecimal digits",
  },
});

/**
 * Reads a `release.json`.
 *
 * @throws {UserError} `invalid-input` with every problem, its line and column.
 */
export function parseRelease(file: string, text: string): Release {
  const problems: Problem[] = [];
  const release = readRelease(file, text, problems);
  refuseProblems(problems);
  return release as Release;
}

/** Like `parseRelease`, but adds what is wrong to `problems` and then returns undefined. */
export function readRelease(file: string, text: string, problems: Problem[]): Release | undefined {
  const document = readDocument(file, text);
  const found = documentProblems(document, releaseSchema);
  problems.push(...found);
  return found.length === 0 ? (document.value as Release) : undefined;
}
