import { digest, type TextHash } from "../digest.ts";
import { type Problem, refuseProblems } from "../errors.ts";
import { isPlainMap } from "../plain-map.ts";
import { documentProblems } from "../text/check.ts";
import { readDocument } from "../text/document.ts";
import { apiVersion, dnsLabel, environmentName, semanticVersion } from "../text/rules.ts";
import { closed, mapOf } from "../text/schema.ts";
import { imageReferencePattern } from "./release.ts";
import { renderSealedRelease, type SealedRelease, sealRelease } from "./sealed-release.ts";

const releaseSchema = closed(
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
export function parseSealedRelease(file: string, text: string, sha256: TextHash): SealedRelease {
  const problems: Problem[] = [];
  const release = readSealedRelease(file, text, sha256, problems);
  refuseProblems(problems);
  return release as SealedRelease;
}

/** Like `parseRelease`, but adds what is wrong to `problems` and then returns undefined. */
export function readSealedRelease(
  file: string,
  text: string,
  sha256: TextHash,
  problems: Problem[],
): SealedRelease | undefined {
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
  const { apiVersion: _, ...release } = value as SealedRelease & { readonly apiVersion: string };
  const sealed = sealRelease(release, sha256);
  if (renderSealedRelease(sealed) === text) return release;
  problems.push(document.problemAt(["hash"], tampered(file, release, sealed)));
  return undefined;
}

function tampered(file: string, release: SealedRelease, sealed: SealedRelease): string {
  const remedy = `take the change back: git restore ${file}; or release anew: npx slipway build ${release.package}`;
  return release.hash === sealed.hash && release.contents === sealed.contents
    ? `the text was changed, though not what it says; ${remedy}`
    : `what it says was changed: "hash" must be ${sealed.hash}; ${remedy}`;
}
