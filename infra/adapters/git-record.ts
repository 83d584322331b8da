import { UserError } from "../domain/errors.ts";
import type { PlannedFile } from "../domain/promotion/promotion.ts";
import { commitTree, git, gitRemote, textAt } from "./git.ts";

/** Runs that record at the same moment take turns; each turn is one push. */
const attempts = 8;

/**
 * Adds files to a branch of the remote as one commit on top of whatever it is at, and changes nothing
 * here. A branch that is not there begins at what is checked out.
 *
 * @returns the commit; undefined when the branch has the files already.
 * @throws {UserError} `no-record` when the remote refuses, or somebody else changed one of the files
 * since what is checked out here.
 */
export async function recordOnRemote(
  remote: string,
  branch: string,
  message: string,
  files: readonly PlannedFile[],
): Promise<string | undefined> {
  let reason = "";
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const parent = await fetchHead(remote, branch);
    const tip = parent ?? (await git(["rev-parse", "HEAD"]));
    const missing = await filesToAdd(tip, branch, files);
    if (missing.length === 0 && parent !== undefined) return undefined;
    const commit = await commitTree(tip, message, missing);
    try {
      // Refused when the branch has moved since it was fetched, unlike with any kind of force.
      await gitRemote(["push", "--quiet", remote, `${commit}:refs/heads/${branch}`]);
      return commit;
    } catch (error) {
      reason = (error as Error).message;
      if (!/non-fast-forward|fetch first|cannot lock ref|failed to update ref/.test(reason)) break;
    }
  }
  const [, ...lines] = reason.trim().split("\n");
  throw new UserError(
    "no-record",
    `${remote} does not take what is to be recorded on ${branch}: ${lines.join(" ")}`,
    `git push ${remote} HEAD:${branch}   # tells who may push there`,
  );
}

/** The commit that a branch of the remote is at; undefined when it has none of that name. */
export async function fetchHead(remote: string, branch: string): Promise<string | undefined> {
  const pattern = `refs/heads/${branch}`;
  const found = await gitRemote(["ls-remote", "--end-of-options", remote, pattern]);
  if (found === "") return undefined;
  await gitRemote(["fetch", "--quiet", "--end-of-options", remote, pattern]);
  return git(["rev-parse", "FETCH_HEAD"]);
}

async function filesToAdd(
  tip: string,
  branch: string,
  files: readonly PlannedFile[],
): Promise<readonly PlannedFile[]> {
  const added: PlannedFile[] = [];
  for (const file of files) {
    const [there, here] = await Promise.all([textAt(tip, file.path), textAt("HEAD", file.path)]);
    if (there === file.text.trimEnd()) continue;
    if (there !== undefined && there !== here && !grewFrom(there, file.text)) {
      throw new UserError(
        "no-record",
        `${file.path} was changed on ${branch} since the commit that is checked out here`,
        "git pull --rebase",
      );
    }
    added.push(file);
  }
  return added;
}

/** Whether one log of evidence goes on where the other one ends: their entries are lines. */
function grewFrom(there: string, text: string): boolean {
  const entries = (log: string) =>
    log
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/,$/, ""))
      .filter((line) => line.startsWith("{"));
  const [before, after] = [entries(there), entries(text)];
  return before.length > 0 && before.every((line, index) => after[index] === line);
}
