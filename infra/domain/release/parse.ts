import { digest, type TextHash } from "../digest.ts";
import { type Problem, refuseProblems } from "../errors.ts";
import { isPlainMap } from "../plain-map.ts";
import { documentProblems } from "../text/check.ts";
import { readDocument } from "../text/document.ts";
import { apiVersion, dnsLabel, environmentName, semanticVersion } from "../text/rules.ts";
import { closed, mapOf } from "../text/schema.ts";
import { imageReferencePattern, type Release, renderRelease, sealRelease } from "./release.ts";

/** The shape of a `release.json`. */
export const releaseSchema = closed(
  {
    apiVersion,
    package: dnsLabel(),
    version: semanticVersion,
    packageDigest: digest,
    image: {
      type: "string",
      pattern: imageReferencePattern,
      description: "an image by digest: repository@sha256: and 64 hexadecimal digits",
    },
    platformDigest: digest,
    prompts: digest,
    model: digest,
    tools: digest,
    config: digest,
    secrets: mapOf(
      { type: "string", pattern: "^[0-9a-f]{16}$", description: "16 hexadecimal digits" },
      environmentName,
    ),
    commit: {
      type: "string",
      pattern: "^[0-9a-f]{40}([0-9a-f]{24})?$",
      description: "a full commit id",
    },
    replaces: digest,
    contents: digest,
    hash: digest,
  },
  [
    "apiVersion",
    "package",
    "version",
    "packageDigest",
    "image",
    "platformDigest",
    "config",
    "secrets",
    "contents",
    "hash",
  ],
);

/**
 * Reads a `release.json` and sees that it is as it was written, to the byte.
 *
 * @throws {UserError} `invalid-input` with every problem, its line and column.
 */
export function parseRelease(file: string, text: string, sha256: TextHash): Release {
  const problems: Problem[] = [];
  const release = readRelease(file, text, problems);
  if (release) problems.push(...sealProblems({ [file]: text }, sha256));
  refuseProblems(problems);
  return release as Release;
}

/**
 * Reads the shape of a `release.json`, adds what is wrong with it to `problems` and then returns
 * undefined. Whether it is as it was written is told by `sealProblems`.
 */
export function readRelease(file: string, text: string, problems: Problem[]): Release | undefined {
  const document = readDocument(file, text);
  const { value } = document;
  if (isPlainMap(value) && !Object.hasOwn(value, "hash") && Object.hasOwn(value, "package")) {
    const message = `has no "hash": an earlier version of Slipway wrote it; make it anew: npx slipway build ${value.package}`;
    problems.push(document.problemAt([], message));
    return undefined;
  }
  const found = documentProblems(document, releaseSchema);
  problems.push(...found);
  if (found.length > 0) return undefined;
  const { apiVersion: _, ...release } = value as Release & { readonly apiVersion: string };
  return release;
}

/**
 * Every release among texts by path that is not what was written, to the byte. What is no release
 * at all is left to `readRelease`.
 */
export function sealProblems(
  texts: Readonly<Record<string, string>>,
  sha256: TextHash,
): readonly Problem[] {
  return Object.entries(texts).flatMap(([file, text]) => {
    const release = file.endsWith("release.json") ? sealedIn(text) : undefined;
    if (release === undefined) return [];
    const sealed = sealRelease(release, sha256);
    if (renderRelease(sealed) === text) return [];
    return [readDocument(file, text).problemAt(["hash"], tampered(file, release, sealed))];
  });
}

function sealedIn(text: string): Release | undefined {
  try {
    const { apiVersion: _, ...release } = JSON.parse(text);
    return Object.hasOwn(release, "hash") ? release : undefined;
  } catch {
    return undefined;
  }
}

function tampered(file: string, release: Release, sealed: Release): string {
  const remedy = `take the change back: git restore ${file}; or release anew: npx slipway build ${release.package}`;
  return release.hash === sealed.hash && release.contents === sealed.contents
    ? `the text was changed, though not what it says; ${remedy}`
    : `what it says was changed: "hash" must be ${sealed.hash}; ${remedy}`;
}
