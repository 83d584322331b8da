import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Where administrators' programs are, which are not on everybody's PATH. */
const adminFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** PATH, and behind it the folders of administrators' programs. */
export function adminPath(): string {
  return [process.env.PATH, ...adminFolders].filter(Boolean).join(delimiter);
}

/** Where a program is that an administrator could run by this name. */
export function findAdminProgram(name: string): Promise<string | undefined> {
  const folders = adminPath().split(delimiter).filter(Boolean);
  return firstExecutable(folders.map((folder) => join(folder, name)));
}

/** The first of these paths that this process may execute. */
export async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

/** True when this process may execute what is at the path. */
export function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
