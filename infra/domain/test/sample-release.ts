import { createHash } from "node:crypto";
import {
  aboutRelease,
  appendEvidence,
  type EvidenceEntry,
  type EvidenceFacts,
} from "../evidence/evidence.ts";
import { type Release, sealRelease, type UnsealedRelease } from "../release/release.ts";

/** SHA-256 in hex. */
export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A digest that nothing else has, for a word. */
export const digestFor = (word: string) => `sha256:${sha256(word)}`;

/** A release of the sample agent whose image is told apart by a word. */
export function sampleRelease(image: string, changes: Partial<UnsealedRelease> = {}): Release {
  return sealRelease(
    {
      package: "fastapi-agent",
      version: "1.0.0",
      packageDigest: digestFor("package"),
      image: `localhost:5000/fastapi-agent@${digestFor(image)}`,
      platformDigest: digestFor(`${image} for this platform`),
      model: digestFor("model"),
      config: digestFor("config"),
      secrets: { OPENAI_API_KEY: "0123456789abcdef" },
      commit: "c0ffee".padEnd(40, "0"),
      ...changes,
    },
    sha256,
  );
}

/** A release of any agent, of which nothing but the image is real. */
export function namedRelease(
  agent: string,
  image = `localhost:5000/${agent}@sha256:${"a".repeat(64)}`,
): Release {
  return sampleRelease("any", { package: agent, image, secrets: {} });
}

/** One thing that happened to a release: minute of the day, kind, release, and whatever is unusual. */
export type Happening = readonly [
  minute: number,
  kind: EvidenceFacts["kind"],
  release: Release,
  unusual?: Partial<EvidenceFacts>,
];

/** A moment of the day on which all samples happen. */
export function at(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  const two = (number: number) => String(number).padStart(2, "0");
  return `2030-06-15T${two(hours)}:${two(minutes)}:00Z`;
}

/** The log of one environment. */
export function sampleLog(
  environment: string,
  happenings: readonly Happening[],
): readonly EvidenceEntry[] {
  return happenings.reduce<readonly EvidenceEntry[]>(
    (log, [minute, kind, release, unusual]) =>
      appendEvidence(
        log,
        {
          at: at(minute),
          environment,
          agent: release.package,
          kind,
          ...aboutRelease(release),
          result: "passed",
          by: "a test",
          ...unusual,
        },
        sha256,
      ),
    [],
  );
}
