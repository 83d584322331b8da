import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../domain/errors.ts";
import type { PlannedFile } from "../domain/promotion/promotion.ts";
import { root } from "./paths.ts";
import { plainEnvironment, run } from "./process.ts";

/**
 * The commit that holds a folder of the checkout as it is now; undefined without one, or when
 * something in the folder was not committed.
 */
export async function sourceCommit(folder: string): Promise<string | undefined> {
  try {
    if ((await git(["status", "--porcelain", "--", folder])) !== "") return undefined;
    return await git(["rev-parse", "HEAD"]);
  } catch {
    // Neither a repository nor git itself is needed to build.
    return undefined;
  }
}

/**
 * Makes a branch that is one commit ahead of what is checked out and changes these files. Neither the
 * files here, nor the index, nor the branch that is checked out are touched.
 *
 * @param otherwise the command to type when the branch cannot be made.
 * @throws {UserError} `no-branch` outside a repository, or when the branch is there already.
 */
export async function commitOnBranch(
  branch: string,
  message: string,
  files: readonly PlannedFile[],
  otherwise: string,
): Promise<void> {
  try {
    await git(["branch", branch, await commitTree("HEAD", message, files)]);
  } catch (error) {
    const [, reason = "git failed"] = (error as Error).message.split("\n");
    throw new UserError("no-branch", `the branch ${branch} cannot be made: ${reason}`, otherwise);
  }
}

/**
 * Makes a commit that changes these files, whether git ignores them or not. No branch names it yet,
 * and neither the files here nor the index are touched.
 *
 * @throws {CommandError}
 */
export async function commitTree(
  parent: string,
  message: string,
  files: readonly PlannedFile[],
): Promise<string> {
  const index = join(tmpdir(), `slipway-index-${process.pid}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    const prefix = await git(["rev-parse", "--show-prefix"]);
    await git(["read-tree", parent], { env });
    for (const { path, text } of files) {
      const blob = await git(["hash-object", "-w", "--stdin"], { input: text });
      const entry = `100644,${blob},${prefix}${path}`;
      await git(["update-index", "--add", "--cacheinfo", entry], { env });
    }
    const tree = await git(["write-tree"], { env });
    return await git(["commit-tree", tree, "-p", parent, "-m", message]);
  } finally {
    await rm(index, { force: true });
  }
}

/**
 * What was committed here since a branch left another one, as paths from the root of the checkout.
 *
 * @throws {UserError} `unknown-base`
 */
export async function changesSince(
  base: string,
): Promise<{ readonly from: string; readonly paths: readonly string[] }> {
  try {
    const from = await git(["merge-base", "--end-of-options", base, "HEAD"]);
    const flags = ["--name-only", "--no-renames", "--relative", "-z"];
    const names = await git(["diff", ...flags, from, "HEAD"]);
    return { from, paths: names.split("\0").filter((name) => name !== "") };
  } catch {
    throw new UserError(
      "unknown-base",
      `there is no "${base}" that this could be merged into`,
      "git fetch origin   # with the whole history: git fetch --unshallow",
    );
  }
}

/**
 * The commit that a remote branch is at, when it is ahead of what is checked out here and changed
 * files of these; else undefined. The branch is fetched first.
 *
 * @param branch such as origin/main.
 * @param files patterns of paths from the root of the checkout, as git matches them.
 * @throws {UserError} `no-newest` when the branch cannot be fetched, or the history here is cut off.
 */
export async function newerCommit(
  branch: string,
  files: readonly string[],
): Promise<string | undefined> {
  const [remote = "", ...name] = branch.split("/");
  const flags = ["--quiet", "--end-of-options"];
  const fetching = gitRemote(["fetch", ...flags, remote, name.join("/")]);
  const [, error] = await fetching.then(
    () => [],
    (reason: Error) => ["", reason.message.trim().split("\n").at(-1)],
  );
  const isShallow = (await git(["rev-parse", "--is-shallow-repository"])) === "true";
  if (error !== undefined || isShallow) {
    throw new UserError(
      "no-newest",
      `whether ${branch} is newer cannot be told: ${error ?? "the history here is cut off"}`,
      isShallow ? "git fetch --unshallow" : "git remote --verbose",
    );
  }
  const commit = await git(["rev-parse", "FETCH_HEAD"]);
  if ((await git(["merge-base", "HEAD", commit])) !== (await git(["rev-parse", "HEAD"]))) {
    return undefined;
  }
  const changed = await git(["diff", "--name-only", "HEAD", commit, "--", ...files]);
  return changed === "" ? undefined : commit;
}

/** A file as a commit has it; undefined when it has none of that path. */
export async function textAt(commit: string, path: string): Promise<string | undefined> {
  return git(["cat-file", "blob", `${commit}:./${path}`]).catch(() => undefined);
}

interface GitOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** What git says in the checkout, without its last line end. */
export async function git(
  args: readonly string[],
  { env, input }: GitOptions = {},
): Promise<string> {
  // A checkout that another user made, such as one of a container's host, is ours all the same.
  const all = ["-c", `safe.directory=${root}`, ...args];
  const options = { cwd: root, env: plainEnvironment(env), ...(input !== undefined && { input }) };
  return (await run("git", all, options)).stdout.trimEnd();
}

/** Like `git`, for what asks another machine: it may know the account that the user's CI gave it. */
export function gitRemote(args: readonly string[]): Promise<string> {
  const names = ["GH_TOKEN", "GH_HOST", "SSH_AUTH_SOCK", "GIT_SSH_COMMAND"];
  const given = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // Nobody is there to type a password.
  return git(args, { env: { ...Object.fromEntries(given), GIT_TERMINAL_PROMPT: "0" } });
}
