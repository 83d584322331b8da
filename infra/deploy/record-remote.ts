import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readLog } from "../adapters/evidence.ts";
import { readIfExists, writeAtomically } from "../adapters/files.ts";
import { git, textAt } from "../adapters/git.ts";
import { fetchHead, recordOnRemote } from "../adapters/git-record.ts";
import { root } from "../adapters/paths.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import type { PlannedFile } from "../domain/promotion/promotion.ts";
import { environmentNamed, parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";

/** A branch of a remote repository, such as `main` of `origin`. */
export interface RemoteBranch {
  readonly remote: string;
  readonly branch: string;
}

/** What commands write of an environment, as opposed to what people write. */
const written = /^(release|evidence)\.json$|^releases\/[^/]+\.json$/;

/**
 * Commits to a branch of the remote what commands wrote of an environment here: releases, their
 * records and the evidence. What is checked out stays as it is.
 *
 * @returns the commit; undefined when the branch knew it all.
 * @throws {UserError} `unknown-environment`; `no-record`.
 */
export async function recordEnvironment(
  environment: string,
  { remote, branch }: RemoteBranch,
): Promise<string | undefined> {
  await requireEnvironment(environment);
  const files = await writtenFiles(environment);
  if (files.length === 0) return undefined;
  const message = `Record what ${environment} runs\n\n${(await lastEvents(environment)).join("\n")}`;
  return recordOnRemote(remote, branch, message, files);
}

/**
 * Takes from a branch of the remote what `recordEnvironment` put there.
 *
 * @returns the files, none when the remote has no such branch.
 * @throws {UserError} `unknown-environment`
 */
export async function recallEnvironment(
  environment: string,
  { remote, branch }: RemoteBranch,
): Promise<readonly string[]> {
  await requireEnvironment(environment);
  const commit = await fetchHead(remote, branch);
  if (commit === undefined) return [];
  const folder = `stacks/${environment}`;
  const list = await git(["ls-tree", "-r", "-z", "--name-only", commit, "--", `${folder}/`]);
  const paths = list.split("\0").filter((path) => isWritten(path, environment));
  for (const path of paths) {
    const text = await textAt(commit, path);
    if (text !== undefined) await writeAtomically(join(root, path), `${text}\n`, 0o644);
  }
  return paths;
}

function isWritten(path: string, environment: string): boolean {
  const [, name, agent, ...file] = path.split("/");
  return name === environment && agent !== undefined && written.test(file.join("/"));
}

async function writtenFiles(environment: string): Promise<readonly PlannedFile[]> {
  const folder = `stacks/${environment}`;
  const names = await readdir(join(root, folder), { recursive: true });
  const paths = names
    .map((name) => `${folder}/${name}`)
    .filter((path) => isWritten(path, environment));
  const files = paths.sort().map(async (path): Promise<readonly PlannedFile[]> => {
    const text = await readIfExists(join(root, path));
    return text === undefined ? [] : [{ path, text }];
  });
  return (await Promise.all(files)).flat();
}

/** The last thing that happened to each agent, a line each. */
async function lastEvents(environment: string): Promise<readonly string[]> {
  const folders = await readdir(join(root, "stacks", environment), { withFileTypes: true });
  const agents = folders.filter((folder) => folder.isDirectory()).map(({ name }) => name);
  const lines = agents.sort().map(async (agent) => {
    const last = (await readLog(environment, agent)).at(-1);
    return last ? [`${agent}: ${last.kind}, ${last.result}, ${last.at}`] : [];
  });
  return (await Promise.all(lines)).flat();
}

async function requireEnvironment(name: string): Promise<void> {
  environmentNamed(parsePipeline(pipelineFile, (await readStackTexts())[pipelineFile] ?? ""), name);
}
