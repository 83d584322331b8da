import { isUtf8 } from "node:buffer";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../adapters/paths.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { listPaths, packagesFolder, readPlainFile, readSource } from "../artifact/source.ts";
import type { ArchivedFile } from "../domain/artifact/tar.ts";
import { type Problem, RefusedError, refuseProblems, UserError } from "../domain/errors.ts";
import type { Package } from "../domain/package/package.ts";
import { parsePackage } from "../domain/package/parse.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { planStack } from "../domain/stack/plan.ts";
import { place } from "./place.ts";
import { type Identity, renamed } from "./rename.ts";

/** Which package to make, and after which one. */
export interface ScaffoldOptions extends Identity {
  /** Name of the package whose files it starts from. */
  readonly from: string;
}

/** What was made. Paths are from the root of the checkout. */
export interface Scaffolded {
  readonly package: Package;
  readonly folder: string;
  /** How many files the package has. */
  readonly files: number;
  /** The first environment of the pipeline, which runs the agent from now on. */
  readonly environment: string;
  /** The agent's own values there. */
  readonly valuesFile: string;
}

/**
 * Makes a package after another one, and puts its agent into the pipeline's first environment. Only
 * there: an environment that has nothing of an agent released could not be deployed any more, and
 * the others get it with its first promotion.
 *
 * Everything is checked before anything is written, and a kill leaves no package in parts.
 *
 * @throws {UserError} `no-package`, `no-port`, or `invalid-input` with everything that would be wrong
 * with the package or its stack.
 * @throws {RefusedError} `exists` when there is an agent of that name.
 */
export async function scaffold(options: ScaffoldOptions): Promise<Scaffolded> {
  const { name, from, port } = options;
  const source = await readSource(from);
  if (port !== undefined && source.package.agent.port === undefined) throw noPort(from);
  const files = await newFiles(source.folder, source.package, options);
  const folder = `${packagesFolder}/${name}`;
  const declared = parsePackage(`${folder}/package.yaml`, textOf(files, "package.yaml"));
  const pipeline = parsePipeline(pipelineFile, (await readStackTexts())[pipelineFile] ?? "");
  const environments = pipeline.environments.map((environment) => environment.name);
  const [environment = ""] = environments;
  refuseExisting([folder, ...environments.map((stack) => `stacks/${stack}/${name}`)]);
  const stackFolder = `stacks/${environment}/${name}`;
  const values = { path: "values.yaml", ...plain(stackValues) };
  await checkStack(environment, [...below(folder, files), ...below(stackFolder, [values])]);
  // The stack's folder last: only that one makes an agent of the package.
  await place([
    { folder, files },
    { folder: stackFolder, files: [values] },
  ]);
  const valuesFile = `${stackFolder}/values.yaml`;
  return { package: declared, folder, files: files.length, environment, valuesFile };
}

const stackValues = `# yaml-language-server: $schema=../../../infra/schemas/values.schema.json
# Two pods, as few as a rollout or a lost pod can spare.
replicas:
  min: 2
  max: 3
`;

function noPort(from: string): UserError {
  return new UserError(
    "no-port",
    `an agent made after ${from} has no port: it serves nobody`,
    "leave out --port, or choose another package with --from",
  );
}

/** What `.env` files hold is the other agent's. */
const notCopied = /(^|\/)\.env(\.|$)/;

async function newFiles(folder: string, source: Package, own: Identity): Promise<ArchivedFile[]> {
  const paths = await listPaths(join(root, folder));
  const problems: Problem[] = [];
  const files: ArchivedFile[] = [];
  for (const path of paths.filter((one) => !notCopied.test(one))) {
    const file = await readPlainFile(join(root, folder, path));
    if (typeof file === "string") problems.push({ file: `${folder}/${path}`, message: file });
    else files.push({ path, ...file, content: rewritten(path, file.content, source, own) });
  }
  refuseProblems(problems);
  return files;
}

function rewritten(path: string, content: Uint8Array, source: Package, own: Identity): Uint8Array {
  if (!isUtf8(content)) return content;
  return Buffer.from(renamed(path, Buffer.from(content).toString("utf8"), source, own));
}

function refuseExisting(paths: readonly string[]): void {
  const taken = paths.filter((path) => existsSync(join(root, path)));
  if (taken.length === 0) return;
  throw new RefusedError(
    "exists",
    `there is ${taken.join(" and ")} already, and nothing is overwritten`,
    "choose another name",
  );
}

/** Whether the stack can be deployed with the new agent in it: quota, limits, dependencies. */
async function checkStack(environment: string, files: readonly ArchivedFile[]): Promise<void> {
  const texts = await readStackTexts(environment);
  for (const { path } of files) texts[path] = textOf(files, path);
  planStack({ environment, texts });
}

function below(folder: string, files: readonly ArchivedFile[]): readonly ArchivedFile[] {
  return files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

function textOf(files: readonly ArchivedFile[], path: string): string {
  const file = files.find((one) => one.path === path);
  return Buffer.from(file?.content ?? "").toString("utf8");
}

function plain(text: string): Omit<ArchivedFile, "path"> {
  return { content: Buffer.from(text), executable: false };
}
