import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readBehaviourTexts } from "./behaviour-texts.ts";
import { readIfExists } from "./files.ts";
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
  const texts: Record<string, string> = {};
  await Promise.all(
    paths.map(async (path) => {
      const text = await readIfExists(join(root, path));
      if (text !== undefined) texts[path] = text;
    }),
  );
  const named = await Promise.all(
    packages.map((name) => readBehaviourTexts(`infra/packages/${name}`, texts)),
  );
  return Object.assign(texts, ...named);
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
