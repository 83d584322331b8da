import { UserError } from "../errors.ts";

/** A repository in a registry. */
export interface RepositoryName {
  /** Host and port, such as "localhost:5000". */
  readonly host: string;
  readonly repository: string;
}

/** A package in a registry, by tag or by digest. */
export interface Reference extends RepositoryName {
  /** A tag, or a digest "sha256:...", which wins over a tag. */
  readonly version: string;
}

const name = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
const host = "localhost|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+(?=:)";
const repository = `(?:oci://)?((?:${host})(?::[0-9]{1,5})?)/(${name}(?:/${name})*)`;
const repositoryPattern = new RegExp(`^${repository}$`);
const referencePattern = new RegExp(
  `^${repository}(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
);

/** Longest text that is looked at. */
const maxLength = 512;

/**
 * Reads `host/path:tag` or `host/path@sha256:...`, with or without `oci://` in front.
 *
 * @throws {UserError} `bad-reference` when it is neither.
 */
export function parseReference(text: string): Reference {
  const [, host, repository, tag, digest] = referencePattern.exec(text.slice(0, maxLength)) ?? [];
  const version = digest ?? tag;
  if (host && repository && version && text.length <= maxLength) {
    return { host, repository, version };
  }
  throw new UserError(
    "bad-reference",
    `"${text.slice(0, 100)}" names no package in a registry`,
    "Write host/path:version or host/path@sha256:..., such as localhost:5000/packages/agent:1.0.0",
  );
}

/**
 * Reads `host/path`, with or without `oci://` in front.
 *
 * @throws {UserError} `bad-reference` when it is none.
 */
export function parseRepository(text: string): RepositoryName {
  const [, host, repository] = repositoryPattern.exec(text.slice(0, maxLength)) ?? [];
  if (host && repository && text.length <= maxLength) return { host, repository };
  throw new UserError(
    "bad-reference",
    `"${text.slice(0, 100)}" names no repository`,
    "Write host/path without a tag, such as localhost:5000/packages/agent",
  );
}

/** The tag of a version. A tag cannot hold the plus sign of build metadata. */
export function tagOf(version: string): string {
  return version.replaceAll("+", "_");
}
