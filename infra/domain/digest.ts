import { canonicalJson } from "./canonical.ts";
import type { Schema } from "./text/schema.ts";

/** SHA-256 of a text in UTF-8, in lower-case hex. */
export type TextHash = (text: string) => string;

/** What tells data from all other data: `sha256:` and 64 hex digits. */
export function digestOf(value: unknown, sha256: TextHash): string {
  return `sha256:${sha256(canonicalJson(value))}`;
}

/** A digest as files of ours hold it. */
export const digest: Schema = {
  type: "string",
  pattern: "^sha256:[0-9a-f]{64}$",
  description: "sha256: and 64 hexadecimal digits",
};
