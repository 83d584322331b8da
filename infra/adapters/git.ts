import { root } from "./paths.ts";
import { run } from "./process.ts";

/**
 * The commit that holds a folder of the checkout as it is now; undefined without one, or when
 * something in the folder was not committed.
 */
export async function sourceCommit(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await git(["status", "--porcelain", "--", folder]);
    if (stdout.trim() !== "") return undefined;
    return (await git(["rev-parse", "HEAD"])).stdout.trim();
  } catch {
    // Neither a repository nor git itself is needed to build.
    return undefined;
  }
}

/** Runs git in the checkout. */
export function git(args: readonly string[]) {
  // A checkout that another user made, such as one of a container's host, is ours all the same.
  return run("git", ["-c", `safe.directory=${root}`, ...args], { cwd: root });
}
