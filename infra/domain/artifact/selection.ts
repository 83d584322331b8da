import type { Problem } from "../errors.ts";
import { imageIgnores } from "../package/docker-ignore.ts";
import type { Package } from "../package/package.ts";
import { lockFileName } from "./dependency-lock.ts";

/** Of a package's folder, what is part of the package beside what `package.yaml` names. */
const always = new Set([
  "package.yaml",
  "values.yaml",
  "values.schema.json",
  "README.md",
  "LICENSE",
  lockFileName,
]);

/** What tools leave behind, wherever it lies. */
const leftovers = /(^|\/)(__pycache__|\.[^/]*_cache|\.venv|node_modules|\.git|\.DS_Store)(\/|$)/;

/** Whether a tool left a file behind that belongs to one machine. */
export function isLeftover(path: string): boolean {
  return leftovers.test(path);
}

/**
 * Which files of a package's folder are part of the package: its declarations, its tests, what
 * `package.yaml` names, and everything from which its image is built.
 *
 * @param paths of all files, from the package's folder
 * @param dockerIgnore the `.dockerignore` of the image's context
 */
export function packedPaths(
  pkg: Package,
  paths: readonly string[],
  dockerIgnore: string | undefined,
): readonly string[] {
  const { prompts, model, tools, image } = pkg;
  const folders = ["tests", prompts].flatMap((folder) => (folder ? [`${folder}/`] : []));
  const files = new Set([...always, model, tools]);
  const isContext = contextFilter(`${image.context}/`, dockerIgnore);
  const belongs = (path: string) =>
    files.has(path) || folders.some((folder) => path.startsWith(folder)) || isContext(path);
  return paths.filter((path) => belongs(path) && !isLeftover(path));
}

function contextFilter(context: string, dockerIgnore: string | undefined) {
  const ignored = imageIgnores(dockerIgnore);
  // Without the ignore file, whoever unpacks the package would build another image.
  const kept = new Set(["Dockerfile", ".dockerignore"]);
  return (path: string) => {
    if (!path.startsWith(context)) return false;
    const inner = path.slice(context.length);
    return kept.has(inner) || !ignored(inner);
  };
}

/** What `package.yaml` names and the package does not have. */
export function missingFiles(
  pkg: Package,
  file: string,
  paths: readonly string[],
): readonly Problem[] {
  const present = (path: string) => paths.some((one) => one === path || one.startsWith(`${path}/`));
  const named = { prompts: pkg.prompts, model: pkg.model, tools: pkg.tools };
  const wanted = [
    ...Object.entries(named).flatMap(([key, path]) => (path ? [[key, path] as const] : [])),
    ["image.context", `${pkg.image.context}/Dockerfile`] as const,
  ];
  return wanted
    .filter(([, path]) => !present(path))
    .map(([key, path]) => ({ file, message: `"${key}" needs ${path}, which is not there` }));
}
