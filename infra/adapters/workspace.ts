import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readBehaviourTexts } from "./behaviour-texts.ts";
import { root } from "./paths.ts";

/**
 * Reads every file that decides what a stack runs, or several of them, by its path from the root of
 * the checkout, as `planStack` takes them. Files that are not there are left out.
 */
export async function readStackTexts(
  ...environments: readonly string[]
): Promise<Record<string, string>> {
  const stacks = await Promise.all(environments.map(stackPaths));
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
  const texts = Object.fromEntries(paths.flatMap(readText));
  const named = await Promise.all(
    packages.map((name) => readBehaviourTexts(`infra/packages/${name}`, texts)),
  );
  return Object.assign(texts, ...named);
}

/** The files are many and small: one after the other takes a third of the time of all at once. */
function readText(path: string): [string, string][] {
  try {
    return [[path, readFileSync(join(root, path), "utf8")]];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Names of the folders under `stacks`: each should be that of an environment. */
export function stackFolders(): Promise<string[]> {
  return folders("stacks");
}

async function stackPaths(environment: string): Promise<string[]> {
  const agents = await folders(`stacks/${environment}`);
  return [
    `stacks/${environment}/values.yaml`,
    ...agents.flatMap((agent) => [
      `stacks/${environment}/${agent}/values.yaml`,
      `stacks/${environment}/${agent}/release.json`,
    ]),
  ];
}

async function folders(path: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, path), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}
