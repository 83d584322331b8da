import { type Problem, refuseProblems } from "../errors.ts";
import { readBehaviour } from "../package/behaviour.ts";
import type { Package } from "../package/package.ts";
import { readPackage } from "../package/parse.ts";
import { readRelease } from "../release/parse.ts";
import type { Release } from "../release/release.ts";
import { readDocument, type SourceDocument } from "../text/document.ts";
import { layerFiles, readLayer, sharedLayerFiles } from "../values/layers.ts";
import { ownSchemaProblems } from "../values/own-schema.ts";
import { layerProblems, resolveValues } from "../values/resolve.ts";
import type { Values } from "../values/values.ts";
import { capacityProblems } from "./capacity.ts";
import type { Environment } from "./environment.ts";
import { environmentNamed, pipelineFile, readPipeline } from "./pipeline.ts";
import { supportProblems } from "./support.ts";

/** Everything that decides what a stack runs, besides its secrets. */
export interface StackInput {
  /** Name of the environment. */
  readonly environment: string;
  /**
   * Texts by path from the root of the repository: `stacks/pipeline.yaml`,
   * `stacks/<env>/values.yaml`, `stacks/<env>/<agent>/{values.yaml,release.json}` and
   * the prompts, model and tools that a package names, and
   * `infra/packages/<agent>/{package.yaml,values.yaml,values.schema.json}`. Others are ignored.
   */
  readonly texts: Readonly<Record<string, string>>;
  /** `key.path=value` assignments that win over every file, for all agents. @default none */
  readonly set?: readonly string[];
}

/** One environment and what runs in it. */
export interface Stack {
  readonly environment: Environment;
  /** In order of their names. */
  readonly agents: readonly Agent[];
}

/** One agent of a stack: its package, its settings, and what was released of it. */
export interface Agent {
  readonly name: string;
  /** Folder of the package from the root of the repository. */
  readonly folder: string;
  readonly package: Package;
  readonly values: Values;
  /** The prompts, model and tools of the package: texts by their path in the package's folder. */
  readonly behaviour: Readonly<Record<string, string>>;
  /** Absent until something was released to the stack. */
  readonly release?: Release;
}

/**
 * Puts a stack together from the texts of its files. An agent runs in a stack when its folder there
 * holds a `values.yaml` or a `release.json`; its package has the same name.
 *
 * @throws {UserError} `unknown-environment`; `invalid-input` with every problem of every file.
 */
export function planStack(input: StackInput): Stack {
  const problems: Problem[] = [];
  const stack = draftStack(input, problems);
  refuseProblems(problems);
  return stack as Stack;
}

/**
 * Like `planStack`, but adds what is wrong to `problems`; agents that cannot be planned are then
 * left out, and so is a stack whose environment is not described well.
 *
 * @throws {UserError} `unknown-environment`
 */
export function draftStack(input: StackInput, problems: Problem[]): Stack | undefined {
  const pipeline = readDocument(pipelineFile, input.texts[pipelineFile] ?? "");
  const environment = findEnvironment(pipeline, input.environment, problems);
  const agents = planAgents(input, problems);
  if (environment === undefined) return undefined;
  problems.push(...supportProblems(environment, agents, input.texts));
  problems.push(...capacityProblems(environment, agents, pipeline));
  return { environment, agents };
}

function findEnvironment(
  document: SourceDocument,
  name: string,
  problems: Problem[],
): Environment | undefined {
  const pipeline = readPipeline(document, problems);
  return pipeline && environmentNamed(pipeline, name);
}

function planAgents(input: StackInput, problems: Problem[]): readonly Agent[] {
  const shared = new Map(
    sharedLayerFiles(input.environment).map((file) => [file, soundLayer(file, input, problems)]),
  );
  return agentNames(input).flatMap((name) => planAgent(name, input, shared, problems) ?? []);
}

function agentNames({ environment, texts }: StackInput): readonly string[] {
  const names = new Set<string>();
  for (const path of Object.keys(texts)) {
    const [root, stack, name, file, ...rest] = path.split("/");
    if (root !== "stacks" || stack !== environment || name === undefined || rest.length > 0)
      continue;
    if (file === "values.yaml" || file === "release.json") names.add(name);
  }
  return [...names].sort();
}

type Layer = SourceDocument | undefined;

function planAgent(
  name: string,
  input: StackInput,
  shared: ReadonlyMap<string, Layer>,
  problems: Problem[],
): Agent | undefined {
  const { environment, texts } = input;
  const folder = `infra/packages/${name}`;
  const ownFolder = `stacks/${environment}/${name}`;
  const pkg = readNamedPackage(name, folder, texts, problems);
  const release = readOwnRelease(name, `${ownFolder}/release.json`, texts, problems);
  const layers = layerFiles(environment, name).map((file) =>
    shared.has(file) ? shared.get(file) : soundLayer(file, input, problems),
  );
  if (pkg === undefined) return undefined;
  const behaviour = readBehaviour(pkg, folder, texts, problems);
  if (!layers.every((layer) => layer !== undefined)) return undefined;
  const values = resolveValues(layers, pkg, problems);
  if (values === undefined) return undefined;
  problems.push(...ownSchemaProblems(name, texts, values, layers));
  return { name, folder, package: pkg, values, behaviour, ...(release && { release }) };
}

function readNamedPackage(
  name: string,
  folder: string,
  texts: Readonly<Record<string, string>>,
  problems: Problem[],
): Package | undefined {
  const file = `${folder}/package.yaml`;
  const text = texts[file];
  if (text === undefined) {
    problems.push({ file, message: `missing, but a stack runs an agent named "${name}"` });
    return undefined;
  }
  const pkg = readPackage(file, text, problems);
  if (pkg === undefined || pkg.name === name) return pkg;
  const message = `"name" is "${pkg.name}", but the folder is "${name}"; they must be the same`;
  problems.push({ file, message });
  return undefined;
}

function readOwnRelease(
  name: string,
  file: string,
  texts: Readonly<Record<string, string>>,
  problems: Problem[],
): Release | undefined {
  const text = texts[file];
  const release = text === undefined ? undefined : readRelease(file, text, problems);
  if (release === undefined || release.package === name) return release;
  problems.push({
    file,
    message: `"package" is "${release.package}", but the folder is "${name}"`,
  });
  return undefined;
}

function soundLayer(file: string, input: StackInput, problems: Problem[]): Layer {
  const layer = readLayer(file, input);
  const found = layerProblems(layer);
  problems.push(...found);
  return found.length === 0 ? layer : undefined;
}
