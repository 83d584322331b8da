import type { Problem } from "../errors.ts";
import { findSecrets } from "../secrets/secret-files.ts";
import { type Path, readDocument } from "../text/document.ts";
import type { Package } from "./package.ts";
import { inside } from "./schema.ts";

/** Characters of one file. */
export const maxFileLength = 100_000;

/** Bytes of all files of a package, and as many of its values: a ConfigMap takes twice as much. */
export const maxTotalBytes = 500_000;

/** A problem at a place of the `package.yaml` in `folder`. */
export function packageProblem(
  folder: string,
  texts: Readonly<Record<string, string>>,
  path: Path,
  message: string,
): Problem {
  const file = `${folder}/package.yaml`;
  return readDocument(file, texts[file] ?? "").problemAt(path, message);
}

/**
 * The texts of a package's prompts, model and tools by their path in its folder, sorted. What is
 * missing, no text, too long or secret is added to `problems`.
 *
 * @param folder of the package, from the root of the repository
 * @param texts texts by path from the root of the repository
 */
export function readBehaviour(
  pkg: Package,
  folder: string,
  texts: Readonly<Record<string, string>>,
  problems: Problem[],
): Readonly<Record<string, string>> {
  const behaviour: Record<string, string> = {};
  for (const path of namedPaths(pkg, folder, texts, problems)) {
    const file = `${folder}/${path}`;
    const text = texts[file] ?? "";
    problems.push(...textProblems(path, text).map((problem) => ({ file, ...problem })));
    behaviour[path] = text;
  }
  const total = new TextEncoder().encode(Object.values(behaviour).join("")).length;
  if (total > maxTotalBytes) {
    const message = `prompts, model and tools have ${total} bytes together; there is room for ${maxTotalBytes}`;
    problems.push({ file: folder, message });
  }
  return behaviour;
}

function namedPaths(
  pkg: Package,
  folder: string,
  texts: Readonly<Record<string, string>>,
  problems: Problem[],
): readonly string[] {
  const paths = new Set<string>();
  const problemAt = (path: Path, message: string) => packageProblem(folder, texts, path, message);
  for (const key of ["model", "tools"] as const) {
    const path = pkg[key];
    if (path === undefined) continue;
    if (texts[`${folder}/${path}`] !== undefined) paths.add(path);
    else problems.push(problemAt([key], `"${key}" names ${folder}/${path}, which is missing`));
  }
  const { prompts } = pkg;
  if (prompts === undefined) return [...paths].sort();
  const prefix = `${folder}/${prompts}/`;
  const found = Object.keys(texts).filter((path) => path.startsWith(prefix));
  if (found.length === 0) {
    const message = `"prompts" names the folder ${folder}/${prompts}, which is missing or empty`;
    problems.push(problemAt(["prompts"], message));
  }
  for (const path of found) paths.add(path.slice(folder.length + 1));
  return [...paths].sort();
}

function textProblems(path: string, text: string): readonly Omit<Problem, "file">[] {
  if (text.length > maxFileLength) {
    return [
      { message: `longer than ${maxFileLength} characters, which a ConfigMap has no room for` },
    ];
  }
  if (/[\0\uFFFD]/.test(text)) return [{ message: "must be text in UTF-8" }];
  if (!new RegExp(inside.pattern ?? "").test(path)) {
    const message = "a name of a prompt is letters, digits, -, _ and . inside, without spaces";
    return [{ message }];
  }
  return findSecrets(path.split("/").at(-1) ?? path, new TextEncoder().encode(text));
}
