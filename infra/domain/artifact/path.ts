const encoder = new TextEncoder();

/** Not allowed in names on some file system, or read as something else by some program. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const unportable = /[\u0000-\u001f\u007f<>:"|?*\\]/;

/** A path as the header of a ustar archive has it: the folders apart from the name. */
export interface SplitPath {
  readonly prefix: string;
  readonly name: string;
}

/**
 * Why a path cannot be that of a file in a package, or undefined when it can. A path is relative,
 * has no way out of its folder, and means the same on every file system.
 */
export function pathProblem(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.startsWith("/")) return "is absolute";
  const segments = path.split("/");
  if (segments.includes("..")) return 'leads out of the package by ".."';
  if (segments.some((segment) => segment === "" || segment === ".")) return "has an empty part";
  if (unportable.test(path)) return "has a character that some file systems do not allow";
  if (segments.some((segment) => /[. ]$/.test(segment)))
    return "has a part that ends in . or space";
  if (path.normalize("NFC") !== path) return "is not in Unicode's composed form (NFC)";
  if (splitPath(path) === undefined) return "is too long: 100 bytes for the name, 155 for folders";
  return undefined;
}

/**
 * Paths that some file system would take for one, or of which one is a folder of the other, as
 * sentences.
 */
export function collisions(paths: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  return paths.flatMap((path) => collision(path, seen) ?? []);
}

function collision(path: string, seen: Map<string, string>): string | undefined {
  const segments = path.split("/");
  for (let length = 1; length <= segments.length; length++) {
    const isFile = length === segments.length;
    // A folder ends in a slash, so that no file can be the same.
    const own = `${segments.slice(0, length).join("/")}${isFile ? "" : "/"}`;
    const key = own.replace(/\/$/, "").normalize("NFKC").toLowerCase();
    const other = seen.get(key);
    if (other !== undefined && (isFile || other !== own)) {
      return `${JSON.stringify(path)} and ${JSON.stringify(other)} are one name on some file systems`;
    }
    seen.set(key, own);
  }
  return undefined;
}

/**
 * Divides a path as the ustar format wants it, at most 155 and 100 bytes; undefined when that cannot
 * be done.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */
export function splitPath(path: string): SplitPath | undefined {
  const size = (text: string) => encoder.encode(text).length;
  if (size(path) <= 100) return { prefix: "", name: path };
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (size(prefix) > 155) return undefined;
    if (name !== "" && size(name) <= 100) return { prefix, name };
  }
  return undefined;
}

/** Orders by UTF-16 code unit, as no locale does otherwise. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
