import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists } from "../adapters/files.ts";
import { root } from "../adapters/paths.ts";
import { readStackTexts, stackFolders } from "../adapters/workspace.ts";
import { type Problem, refuseProblems, UserError } from "../domain/errors.ts";
import { evalFileName } from "../domain/package-tests/eval-file.ts";
import { runTests, type TestResult } from "../domain/package-tests/run.ts";
import { smokeFileName } from "../domain/package-tests/smoke-file.ts";
import { readTestFile } from "../domain/package-tests/test-file.ts";
import { didYouMean } from "../domain/text/nearest.ts";

/** Files of tests that need a cluster. */
const inCluster: readonly string[] = [smokeFileName, evalFileName];

/**
 * Runs the tests of a package that need no cluster: what its objects are, in each environment.
 *
 * @param environment only the tests of this environment. @default all
 * @throws {UserError} `unknown-package`; `no-tests`; `invalid-input` with every problem of every file
 * with tests.
 */
export async function testPackage(
  agent: string,
  environment?: string,
): Promise<readonly TestResult[]> {
  const texts = await readStackTexts(...(await stackFolders()));
  requirePackage(agent, texts);
  const folder = testFolder(agent);
  const names = await readdir(join(root, folder)).catch(() => []);
  const paths = names
    .filter((name) => name.endsWith(".yaml") && !inCluster.includes(name))
    .map((name) => `${folder}/${name}`)
    .sort();
  if (paths.length === 0) throw noTests(agent, `${folder}/objects.yaml`);
  const problems: Problem[] = [];
  const contents = await Promise.all(paths.map((path) => readIfExists(join(root, path))));
  const files = paths.flatMap(
    (path, index) => readTestFile(path, contents[index] ?? "", problems) ?? [],
  );
  refuseProblems(problems);
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  return files.flatMap((file) => runTests(file, { agent, texts, sha256 }, environment));
}

function requirePackage(name: string, texts: Readonly<Record<string, string>>): void {
  if (texts[`infra/packages/${name}/package.yaml`] !== undefined) return;
  const known = Object.keys(texts).flatMap(
    (path) => /^infra\/packages\/([^/]+)\/package\.yaml$/.exec(path)?.[1] ?? [],
  );
  throw new UserError(
    "unknown-package",
    `there is no package "${name}"${didYouMean(name, known)}`,
    `choose one of: ${known.join(", ")}`,
  );
}

/** Folder of a package's tests from the root of the repository. */
export function testFolder(agent: string): string {
  return `infra/packages/${agent}/tests`;
}

/** What to say when a package has no tests of a kind. */
export function noTests(agent: string, file: string): UserError {
  return new UserError(
    "no-tests",
    `${agent} has no such tests: ${file} is missing`,
    `write ${file}; infra/packages/fastapi-agent/tests has examples`,
  );
}
