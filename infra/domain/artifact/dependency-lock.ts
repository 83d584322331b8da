import satisfies from "semver/functions/satisfies.js";
import { canonicalJson } from "../canonical.ts";
import { type Problem, refuseProblems } from "../errors.ts";
import type { Dependency } from "../package/package.ts";
import { documentProblems } from "../text/check.ts";
import { readDocument } from "../text/document.ts";
import { dnsLabel, semanticVersion } from "../text/rules.ts";
import { closed, type Schema } from "../text/schema.ts";

/** Name of the lock file in a package's folder. */
export const lockFileName = "dependencies.lock.json";

/** What a dependency was resolved to. */
export interface LockedDependency {
  readonly name: string;
  readonly version: string;
  /** `oci://host/path`. Absent for a package beside this one. */
  readonly repository?: string;
  /**
   * `sha256:<64 hex>` of the artifact's manifest; of a package beside this one, which may not have
   * been pushed yet, of its files.
   */
  readonly digest: string;
}

const digest: Schema = {
  type: "string",
  pattern: "^sha256:[0-9a-f]{64}$",
  description: "sha256: and 64 hexadecimal digits",
};

const lockSchema = closed({
  dependencies: {
    type: "array",
    items: closed(
      { name: dnsLabel(), version: semanticVersion, repository: { type: "string" }, digest },
      ["name", "version", "digest"],
    ),
  },
});

/** The text of a lock file, one dependency a line, in order of their names. */
export function renderLock(dependencies: readonly LockedDependency[]): string {
  const sorted = dependencies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const lines = sorted.map((dependency) => `    ${canonicalJson(dependency)}`);
  return `{\n  "dependencies": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/**
 * Reads a lock file.
 *
 * @throws {UserError} `invalid-input` with every problem, its line and column.
 */
export function parseLock(file: string, text: string): readonly LockedDependency[] {
  const document = readDocument(file, text);
  const problems: readonly Problem[] = documentProblems(document, lockSchema);
  refuseProblems(problems, "Delete the file and write it anew: npx slipway package lock");
  return (document.value as { dependencies: readonly LockedDependency[] }).dependencies;
}

/** Where a lock is not what its package asks for, one sentence for each dependency. */
export function lockDifferences(
  wanted: readonly Dependency[],
  locked: readonly LockedDependency[],
): readonly string[] {
  const names = new Set(wanted.map(({ name }) => name));
  return [
    ...wanted.flatMap((dependency) => {
      const found = locked.find(({ name }) => name === dependency.name);
      return lockDifference(dependency, found) ?? [];
    }),
    ...locked.filter(({ name }) => !names.has(name)).map(({ name }) => `${name} is not needed`),
  ];
}

function lockDifference(
  { name, version, repository }: Dependency,
  locked: LockedDependency | undefined,
): string | undefined {
  if (locked === undefined) return `${name} is not locked`;
  if (locked.repository !== repository) return `${name} is locked from another repository`;
  if (satisfies(locked.version, version)) return undefined;
  return `${name} is locked at ${locked.version}, which is not in "${version}"`;
}
