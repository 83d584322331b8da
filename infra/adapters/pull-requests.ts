import { UserError } from "../domain/errors.ts";
import type { PullRequest } from "../domain/promotion/pull-request.ts";
import { root } from "./paths.ts";
import { CommandError, plainEnvironment, run } from "./process.ts";

/**
 * Opens the pull request of a branch that was pushed, or makes the one that is open say this.
 *
 * @returns its address.
 * @throws {UserError} `no-pull-request` when gh is missing, knows no account, or GitHub refuses.
 */
export async function openPullRequest(
  branch: string,
  base: string,
  { title, body }: PullRequest,
): Promise<string> {
  const about = ["--title", title, "--body-file", "-"];
  const open = ["pr", "list", "--head", branch, "--base", base, "--state", "open"];
  const [found] = JSON.parse(await gh([...open, "--json", "number,url"])) as readonly {
    number: number;
    url: string;
  }[];
  if (found === undefined) {
    return gh(["pr", "create", "--head", branch, "--base", base, ...about], body);
  }
  await gh(["pr", "edit", String(found.number), ...about], body);
  return found.url;
}

/** GitHub's command line, with the account that it was given and nothing else of the environment. */
async function gh(args: readonly string[], input = ""): Promise<string> {
  const names = ["GH_TOKEN", "GH_HOST", "GH_REPO"];
  const account = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  try {
    return (
      await run("gh", args, { cwd: root, env: plainEnvironment(account), input })
    ).stdout.trim();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const reason = error.stderr.trim() || error.message;
    throw new UserError(
      "no-pull-request",
      `GitHub's command line cannot do this: ${reason}`,
      "gh auth status   # https://cli.github.com",
    );
  }
}
