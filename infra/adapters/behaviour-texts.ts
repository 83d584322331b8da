import { open, readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { maxFileLength } from "../domain/package/behaviour.ts";
import { readPackage } from "../domain/package/parse.ts";
import { root } from "./paths.ts";

/**
 * The prompts, model and tools that a package names, by path from the root of the checkout. Links
 * that lead out of the package, and files whose names start with a dot, count as absent.
 *
 * @param folder of the package, from the root of the checkout
 * @param texts holds its `package.yaml`
 */
export async function readBehaviourTexts(
  folder: string,
  texts: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const file = `${folder}/package.yaml`;
  const text = texts[file] ?? "";
  // Most packages name none, and to look takes no time beside reading YAML twice.
  if (!/(^|[{,\s"'])(prompts|model|tools)["']?\s*:/m.test(text)) return {};
  const pkg = readPackage(file, text, []);
  if (pkg === undefined) return {};
  const { prompts, model, tools } = pkg;
  const paths = [model, tools, ...(prompts === undefined ? [] : await filesBelow(folder, prompts))];
  const inside = `${await realpath(join(root, folder))}${sep}`;
  const found = paths.flatMap((path) => (path === undefined ? [] : [`${folder}/${path}`]));
  const entries = await Promise.all(
    found.map(async (path) => {
      const target = await realpath(join(root, path)).catch(() => "");
      const isFile = target.startsWith(inside) && (await stat(target)).isFile();
      return isFile ? [[path, await readStart(target)]] : [];
    }),
  );
  return Object.fromEntries(entries.flat());
}

async function filesBelow(folder: string, inner: string): Promise<string[]> {
  const top = join(root, folder, inner);
  const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)\./.test(path));
}

/** A text as far as is needed to see that it is too long: a character has at most four bytes. */
async function readStart(path: string): Promise<string> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(maxFileLength * 4 + 4),
    });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
