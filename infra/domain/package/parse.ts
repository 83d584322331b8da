import { type Problem, refuseProblems } from "../errors.ts";
import { documentProblems, type Violation } from "../text/check.ts";
import { readDocument } from "../text/document.ts";
import type { AgentContract, Package } from "./package.ts";
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
  const contradicting = contractProblems(declared.agent);
  problems.push(...contradicting.map(({ path, message }) => document.problemAt(path, message)));
  return contradicting.length === 0
    ? { ...declared, dependencies: declared.dependencies ?? [] }
    : undefined;
}

function contractProblems({ port, probes, drain }: AgentContract): readonly Violation[] {
  const problems: Violation[] = [];
  if (drain !== undefined && drain.port === port) {
    const message = "the drain hook must not be served on the public port; choose another port";
    problems.push({ path: ["agent", "drain", "port"], message });
  }
  for (const [name, probe] of Object.entries(probes)) {
    if (port !== undefined || typeof probe !== "string") continue;
    const message = `"agent.probes.${name}" is a path, but the agent has no "port"; use command: [...]`;
    problems.push({ path: ["agent", "probes", name], message });
  }
  return problems;
}
