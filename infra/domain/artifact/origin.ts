import { UserError } from "../errors.ts";
import { checkSchema } from "../text/check.ts";
import { closed } from "../text/schema.ts";
import { readJson } from "./json.ts";

/** Name of the file that says where a package in a checkout was pulled from. */
export const originName = "origin.json";

/** Where a package in a checkout came from. */
export interface Origin {
  /** `host/path@sha256:<64 hex>` of the artifact. */
  readonly reference: string;
  /** SHA-256 of the `files.json` that came with it, in hex. */
  readonly files: string;
}

const originSchema = closed({
  reference: { type: "string", pattern: "^[^@\\s]+@sha256:[0-9a-f]{64}$" },
  files: { type: "string", pattern: "^[0-9a-f]{64}$" },
});

/** The text of an `origin.json`. */
export function renderOrigin({ reference, files }: Origin): string {
  return `${JSON.stringify({ reference, files }, null, 2)}\n`;
}

/** Reads an `origin.json`. @throws {UserError} `invalid-input` when it is not one. */
export function parseOrigin(file: string, text: string): Origin {
  const value = readJson(text);
  const [violation] = checkSchema(originSchema, value);
  if (violation === undefined) return value as Origin;
  throw new UserError("invalid-input", `${file}: ${violation.message}`, "Pull the package again");
}
