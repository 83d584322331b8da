import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../adapters/paths.ts";
import { parseReference, type Reference } from "../domain/artifact/reference.ts";
import { packagesFolder } from "./source.ts";

/** What a user may name where a package is wanted. */
export type Target =
  | { readonly kind: "agent"; readonly agent: string }
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "reference"; readonly reference: Reference };

/**
 * Tells an agent of the checkout, a folder and a package in a registry apart, in this order.
 *
 * @throws {UserError} `bad-reference` when it can be none of them.
 */
export function findTarget(text: string): Target {
  const isName = /^[a-z0-9-]+$/.test(text);
  if (isName && existsSync(join(root, packagesFolder, text))) return { kind: "agent", agent: text };
  if (existsSync(text)) return { kind: "folder", folder: text };
  // A plain word is most likely a misspelt agent, which is explained where agents are read.
  if (isName) return { kind: "agent", agent: text };
  return { kind: "reference", reference: parseReference(text) };
}
