import { type Drift, isEngine } from "./drift.ts";
import type { Writer } from "./managed-fields.ts";

/** Longest part of a value that is shown, in characters. */
const shown = 80;

/** A finding as one line for a person: what, where, and who did it when. */
export function describeDrift(drift: Drift): string {
  const { kind, object, path } = drift;
  const what = {
    missing: "is missing",
    unexpected: "is in no file",
    added: `${path}${holds(drift)}, which no file sets`,
    changed: `${path}${holds(drift) || change(drift)}${instead(drift)}`,
  };
  return `${object}: ${what[kind]}${author(drift.by)}`;
}

function holds({ live }: Drift): string {
  return live === undefined ? "" : ` is ${short(live)}`;
}

/** Of a Secret, no value is known. */
function change({ desired }: Drift): string {
  return desired === undefined ? " is another" : " is gone";
}

function instead({ desired }: Drift): string {
  return desired === undefined ? "" : ` instead of ${short(desired)}`;
}

function author(by: Writer | undefined): string {
  if (by === undefined) return "";
  const when = by.time === undefined ? "" : ` at ${by.time}`;
  return isEngine(by) ? `, as deployed${when}` : `, by ${by.manager}${when}`;
}

function short(json: string): string {
  return json.length > shown ? `${json.slice(0, shown - 1)}…` : json;
}
