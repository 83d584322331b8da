import { canonicalJson } from "../canonical.ts";
import { digestOf, type TextHash } from "../digest.ts";

/**
 * What one stack should run of one agent, from `stacks/<env>/<agent>/release.json`. Digests are
 * `sha256:` and 64 hex digits.
 */
export interface Release extends UnsealedRelease {
  /**
   * Digest of what travels from environment to environment: everything that decides how the agent
   * behaves, except for the settings and secrets that each environment has of its own.
   */
  readonly contents: string;
  /** Digest of all the rest: it names the release. */
  readonly hash: string;
}

/** The part of a release that objects are made from. */
export type ReleasedImage = Pick<Release, "version" | "image">;

/** A release without what follows from the rest of it. */
export interface UnsealedRelease {
  /** Name of the package. */
  readonly package: string;
  /** Version of the package. */
  readonly version: string;
  /** Digest of what `package.yaml` says: another port or another longest task is another release. */
  readonly packageDigest: string;
  /** `repository@sha256:<64 hex>`, so that the same bytes run wherever the release goes. */
  readonly image: string;
  /** Digest of the image of the platform that the nodes have; that of `image` unless it is an index. */
  readonly platformDigest: string;
  /** Digest of the prompts, by their paths. @default the package has none */
  readonly prompts?: string;
  /** Digest of the file that says which model is asked. @default the package has none */
  readonly model?: string;
  /** Digest of the file that says which tools may be called. @default the package has none */
  readonly tools?: string;
  /** Digest of the resolved values, which hold no secrets. */
  readonly config: string;
  /** Versions of the secrets, by key: keyed digests. A key that is not there is not pinned. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Commit of the sources. @default they were not committed */
  readonly commit?: string;
  /** Hash of the release that ran there before. @default none did */
  readonly replaces?: string;
}

/** An image named by digest, as a regular expression. A tag alone or a bare image ID is none. */
export const imageReferencePattern = "^[^@\\s]+@sha256:[0-9a-f]{64}$";

/** Whether a text names an image by digest. */
export function isImageReference(text: string): boolean {
  return new RegExp(imageReferencePattern).test(text);
}

/** Completes a release with its own digests. Those that it may have already count for nothing. */
export function sealRelease(release: UnsealedRelease, sha256: TextHash): Release {
  const { contents: _, hash: __, ...rest } = release as Partial<Release>;
  const contents = digestOf(travelling(release), sha256);
  const open = { ...rest, contents };
  return { ...open, hash: digestOf(open, sha256) } as Release;
}

/** What is the same in every environment that a release comes to. */
export function travelling(release: UnsealedRelease) {
  const { package: name, version, packageDigest, image, prompts, model, tools } = release;
  return { package: name, version, packageDigest, image, prompts, model, tools };
}

/** The text of a `release.json`: sorted keys, one a line, so that a diff shows the change. */
export function renderRelease(release: Release): string {
  const sorted = JSON.parse(canonicalJson({ apiVersion: "slipway.dev/v1", ...release }));
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

/**
 * The release that a stack should have after a build or a promotion: `next` in place of
 * `previous`, or `previous` itself when `next` would run the same.
 */
export function succeedRelease(
  previous: Release | undefined,
  next: UnsealedRelease,
  sha256: TextHash,
): Release {
  const { replaces: _, ...rest } = next;
  if (previous === undefined) return sealRelease(rest, sha256);
  const sealed = sealRelease({ ...rest, replaces: previous.hash }, sha256);
  return runsTheSame(sealed, previous) ? previous : sealed;
}

/** The part of a release that decides what runs. Where it came from and what it replaces does not. */
export type Running = Pick<Release, "contents" | "config" | "secrets">;

/** Whether two releases would run the same in one environment. */
export function runsTheSame(a: Running, b: Running): boolean {
  const running = ({ contents, config, secrets }: Running) =>
    canonicalJson([contents, config, secrets]);
  return running(a) === running(b);
}
