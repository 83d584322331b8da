import { isMap, isSeq, parseDocument } from "yaml";
import type { Package } from "../domain/package/package.ts";

/** What tells a new package from the one it is made after. */
export interface Identity {
  /** DNS label; becomes the folder's name and the name of every object. */
  readonly name: string;
  /** What the agent is for, in a line. */
  readonly description: string;
  /** Port of the agent's API. @default the one of the package it is made after */
  readonly port?: number;
}

/** Nothing of a new package was released yet. */
const firstVersion = "0.1.0";

/** The text of one of a package's files, as the new package has it. */
export function renamed(path: string, text: string, source: Package, own: Identity): string {
  return withName(changed(path, text, source, own), source.name, own.name);
}

function changed(path: string, text: string, source: Package, own: Identity): string {
  if (path === "package.yaml") return ownDeclaration(text, source, own);
  return /^tests\/[^/]+\.yaml$/.test(path) ? portableTests(text) : text;
}

/** Also at the start of a longer name, such as that of a Secret. */
function withName(text: string, from: string, to: string): string {
  return text.replaceAll(new RegExp(`(?<![\\w-])${from}(?!\\w)`, "g"), to);
}

function ownDeclaration(text: string, { agent }: Package, own: Identity): string {
  const document = parseDocument(text);
  document.set("name", own.name);
  document.set("version", firstVersion);
  document.set("description", own.description);
  if (own.port !== undefined) document.setIn(["agent", "port"], own.port);
  if (own.port !== undefined && own.port === agent.drain?.port) {
    document.setIn(["agent", "drain", "port"], agent.port);
  }
  return document.toString(asWritten);
}

/** Without the cases about one environment: what a stack sets for one agent is not set for another. */
function portableTests(text: string): string {
  const document = parseDocument(text);
  const cases = document.get("cases");
  if (!isSeq(cases)) return text;
  cases.items = cases.items.filter((one) => !isMap(one) || !one.has("environment"));
  return document.toString(asWritten);
}

/** Lines are as long as their author made them. */
const asWritten = { lineWidth: 0, flowCollectionPadding: false };
