import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../paths.ts";
import { identify, isRunning, type ProcessIdentity } from "../process-identity.ts";

/** The file that names the engine which last worked on a stack of a project. */
function noteFile(project: string, stack: string): string {
  return join(projectFolder, "engines", `${project}-${stack}`);
}

/**
 * Notes which process works on a stack. An engine takes its own lock only a while after its start: if
 * its deployment is killed before that, the next one would see no lock and run into it later.
 */
export function noteEngine(project: string, stack: string, pid: number | undefined): void {
  const identity = pid === undefined ? undefined : identify(pid);
  if (identity === undefined) return;
  const file = noteFile(project, stack);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
}

/** The engine that was last noted for a stack, while it runs. */
export function findEngine(project: string, stack: string): ProcessIdentity | undefined {
  try {
    const identity: ProcessIdentity = JSON.parse(readFileSync(noteFile(project, stack), "utf8"));
    return isRunning(identity) ? identity : undefined;
  } catch {
    // None ran yet, or its note was cut off: it then ended before it could do anything.
    return undefined;
  }
}
