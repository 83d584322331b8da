/** Never part of an image, whatever the `.dockerignore` says. */
const neverSent = [
  ".git",
  ".dockerignore",
  "tests",
  "wheels",
  "**/__pycache__",
  "**/.*_cache",
  "**/.venv",
  "**/node_modules",
];

/** Folders that can be large and never hold anything for an image. */
export const neverEntered: ReadonlySet<string> = new Set([
  ".git",
  ".venv",
  "node_modules",
  "__pycache__",
]);

/**
 * What tells whether a file, named by its path from the root of a build context, stays out of the
 * image.
 *
 * @param text the context's `.dockerignore`. @default nothing but what no image ever has
 */
export function imageIgnores(text = ""): (path: string) => boolean {
  return parseDockerIgnore(text, neverSent);
}

/**
 * Reads a `.dockerignore` and returns what tells whether a file, named by its path from the root of
 * the context, stays out of the image. The last pattern that matches the file or a folder above it
 * decides; `always` patterns come last.
 *
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function parseDockerIgnore(
  text: string,
  always: readonly string[],
): (path: string) => boolean {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const rules = [...lines, ...always].map(parsePattern);
  return (path) => rules.findLast((rule) => rule.pattern.test(path))?.ignored ?? false;
}

function parsePattern(line: string): { ignored: boolean; pattern: RegExp } {
  const ignored = !line.startsWith("!");
  const glob = (ignored ? line : line.slice(1)).trim().replace(/^(\.?\/)+|\/+$/g, "");
  return { ignored, pattern: new RegExp(`^${globSource(glob)}(?:/.*)?$`, "s") };
}

const wildcard = /\*\*\/|\*\*|\*|\?|\[\^?[^\]]+\]|\\.|[^*?[\\]+|./g;

function globSource(glob: string): string {
  return glob.replace(wildcard, (token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (/^\[.+\]$/.test(token)) return token;
    return (token.length === 2 && token.startsWith("\\") ? token.slice(1) : token).replace(
      /[.+^${}()|[\]\\*?]/g,
      "\\$&",
    );
  });
}
