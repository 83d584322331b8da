import { type Problem, refuseProblems } from "../errors.ts";
import { documentProblems } from "../text/check.ts";
import { readDocument } from "../text/document.ts";
import type { Package } from "./package.ts";
import { packageSchema } from "./schema.ts";

/**
 * Reads a `package.yaml`.
 *
 * @throws {UserError} `invalid-input` with every problem, its line and column.
 */
export function parsePackage(file: string, text: string): Package {
  const problems: Problem[] = [];
  const result = readPackage(file, text, problems);
  refuseProblems(problems);
  return result as Package;
}

/** Like `parsePackage`, but adds what is wrong to `problems` and then returns undefined. */
export function readPackage(file: string, text: string, problems: Problem[]): Package | undefined {
  const document = readDocument(file, text);
  const found = documentProblems(document, packageSchema);
  problems.push(...found);
  if (found.length > 0) return undefined;
  const { apiVersion: _, ...declared } = document.value as Package & { apiVersion: string };
  if (declared.agent.port === declared.agent.adminPort) {
    const message = "the drain hook must not be served on the public port; choose another port";
    problems.push(document.problemAt(["agent", "adminPort"], message));
    return undefined;
  }
  return declared;
}
