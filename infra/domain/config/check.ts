import type { Problem } from "../errors.ts";
import { readPackage } from "../package/parse.ts";
import { pipelineFile, readPipeline } from "../stack/pipeline.ts";
import { draftStack } from "../stack/plan.ts";
import { readDocument } from "../text/document.ts";
import { didYouMean } from "../text/nearest.ts";
import { ownSchemaFile, readOwnSchema } from "../values/own-schema.ts";
import { layerProblems } from "../values/resolve.ts";

/** What was checked, and everything that is wrong with it. */
export interface Checked {
  readonly environments: readonly string[];
  /** Packages, whether an environment runs them or not. */
  readonly packages: readonly string[];
  /** Each once, also where several environments meet it. */
  readonly problems: readonly Problem[];
}

/** Checks every environment and every package, from the texts of all of them. */
export function checkEverything(texts: Readonly<Record<string, string>>): Checked {
  const problems: Problem[] = [];
  const pipeline = readPipeline(readDocument(pipelineFile, texts[pipelineFile] ?? ""), problems);
  const folders = namesIn(texts, /^stacks\/([^/]+)\//);
  // Without a sound pipeline, the folders say which environments there are.
  const environments = pipeline?.environments.map(({ name }) => name) ?? folders;
  const packages = namesIn(texts, /^infra\/packages\/([^/]+)\//);
  for (const environment of environments) draftStack({ environment, texts }, problems);
  for (const name of packages) packageProblems(name, texts, problems);
  for (const folder of folders) strayProblem(folder, environments, problems);
  return { environments, packages, problems: distinct(problems) };
}

function packageProblems(
  name: string,
  texts: Readonly<Record<string, string>>,
  problems: Problem[],
): void {
  const file = `infra/packages/${name}/package.yaml`;
  if (texts[file] === undefined) problems.push({ file, message: "missing" });
  else readPackage(file, texts[file], problems);
  const values = `infra/packages/${name}/values.yaml`;
  problems.push(...layerProblems(readDocument(values, texts[values] ?? "")));
  const schema = texts[ownSchemaFile(name)];
  if (schema !== undefined) readOwnSchema(ownSchemaFile(name), schema, problems);
}

function strayProblem(folder: string, environments: readonly string[], problems: Problem[]): void {
  if (environments.includes(folder)) return;
  const message = `is not of an environment in ${pipelineFile}${didYouMean(folder, environments)}`;
  problems.push({ file: `stacks/${folder}`, message });
}

function namesIn(texts: Readonly<Record<string, string>>, pattern: RegExp): readonly string[] {
  return [...new Set(Object.keys(texts).flatMap((path) => pattern.exec(path)?.[1] ?? []))].sort();
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  const byText = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...byText.values()];
}
