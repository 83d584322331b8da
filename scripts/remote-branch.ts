import type { RemoteBranch } from "../infra/deploy/record-remote.ts";
import { UserError } from "../infra/domain/errors.ts";

/** @throws {UserError} `usage` for what is not a remote and a branch. */
export function remoteBranch(text: string): RemoteBranch {
  const [, remote, branch] = /^([\w.][\w.-]*)\/([\w.][\w./-]*)$/.exec(text) ?? [];
  if (remote !== undefined && branch !== undefined) return { remote, branch };
  throw new UserError("usage", `"${text}" is not a remote and a branch`, "such as origin/main");
}
