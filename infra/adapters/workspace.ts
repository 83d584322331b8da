import { type Dirent, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Problem, refuseProblems, UserError } from "../domain/errors.ts";
import { sealProblems } from "../domain/release/parse.ts";
import { readBehaviourTexts } from "./behaviour-texts.ts";
import { readText } from "./files.ts";
import { root } from "./paths.ts";
import { sha256 } from "./sha256.ts";

/**
 * Reads every file that decides what a stack runs, or several of them, by its path from the root of
 * the checkout, as `planStack` takes them. Files that are not there are left out.
 *
 * @throws {UserError} `invalid-input` with every one of them that is no text, and with every release
 * that is not what was written, to the byte.
 */
export async function readStackTexts(
  ...environments: readonly string[]
): Promise<Record<string, string>> {
  const texts = await readAll(environments, ["values.yaml", "release.json"]);
  refuseProblems(sealProblems(texts, sha256));
  return texts;
}

/** Like `readStackTexts`, without what was released: all that a new release is made from. */
export function readSourceTexts(environment: string): Promise<Record<string, string>> {
  return readAll([environment], ["values.yaml"]);
}

async function readAll(
  environments: readonly string[],
  files: readonly string[],
): Promise<Record<string, string>> {
  const stacks = await Promise.all(environments.map((each) => stackPaths(each, files)));
  const packages = await folders("infra/packages");
  const paths = [
    "stacks/pipeline.yaml",
    ...stacks.flat(),
    ...packages.flatMap((name) => [
      `infra/packages/${name}/package.yaml`,
      `infra/packages/${name}/values.yaml`,
      `infra/packages/${name}/values.schema.json`,
      `infra/packages/${name}/dependencies.lock.json`,
    ]),
  ];
  const texts = readTexts(paths);
  const named = await Promise.all(
    packages.map((name) => readBehaviourTexts(`infra/packages/${name}`, texts)),
  );
  return Object.assign(texts, ...named);
}

function readTexts(paths: readonly string[]): Record<string, string> {
  const problems: Problem[] = [];
  const found = paths.flatMap((path) => {
    const text = readText(join(root, path), path, problems);
    return text === undefined ? [] : [[path, text] as const];
  });
  refuseProblems(problems);
  return Object.fromEntries(found);
}

/** Names of the folders under `stacks`: each should be that of an environment. */
export function stackFolders(): Promise<string[]> {
  return folders("stacks");
}

async function stackPaths(environment: string, files: readonly string[]): Promise<string[]> {
  const agents = await folders(`stacks/${environment}`);
  return [
    `stacks/${environment}/values.yaml`,
    ...agents.flatMap((agent) => files.map((file) => `stacks/${environment}/${agent}/${file}`)),
  ];
}

/** A link to a folder counts as one. What cannot be listed is no empty stack, so it is refused. */
async function folders(path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw new UserError(
      "unreadable-folder",
      `${path} cannot be read (${error.code})`,
      `ls -la ${path}`,
    );
  });
  const isFolder = ({ name }: Dirent) =>
    statSync(join(root, path, name), { throwIfNoEntry: false })?.isDirectory();
  return entries
    .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(entry)))
    .map((entry) => entry.name);
}
