import { readFileSync } from "node:fs";
import { run } from "../../adapters/process.ts";
import { adminEnvironment } from "./environment.ts";

/** A line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly path: string;
  readonly type: string;
}

/** All mounts that this process sees, oldest first. */
export function readMounts(): Mount[] {
  return parseMounts(readFileSync("/proc/self/mountinfo", "utf8"));
}

/** Parses the text of a mountinfo file. Spaces and the like are octal escapes in it. */
export function parseMounts(text: string): Mount[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [before = "", after = ""] = line.split(" - ");
      const path = before.split(" ")[4] ?? "";
      return { path: unescapeOctal(path), type: after.split(" ")[0] ?? "" };
    });
}

/** Unmounts everything at or below the folder, the newest first, also what is still in use. */
export async function unmountBelow(folder: string): Promise<void> {
  for (;;) {
    const paths = readMounts()
      .map(({ path }) => path)
      .filter((path) => path === folder || path.startsWith(`${folder}/`));
    if (paths.length === 0) return;
    await run("umount", ["--lazy", "--", ...paths.reverse()], { env: adminEnvironment() });
  }
}

function unescapeOctal(path: string): string {
  return path.replace(/\\(\d{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
