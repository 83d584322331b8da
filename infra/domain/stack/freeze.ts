import { type Document, isSeq, parseDocument } from "yaml";
import { UserError } from "../errors.ts";
import type { Freeze } from "./gates.ts";
import { environmentNamed, parsePipeline, pipelineFile } from "./pipeline.ts";

/**
 * The text of the pipeline with one more freeze of an environment. Comments and order stay.
 *
 * @throws {UserError} `unknown-environment`; `invalid-input` when the freeze is none, such as one
 * that ends before it begins.
 */
export function addFreeze(text: string, environment: string, freeze: Freeze): string {
  const { document, path } = open(text, environment);
  const item = document.createNode(freeze, { flow: true });
  if (isSeq(document.getIn(path))) document.addIn(path, item);
  else document.setIn(path, document.createNode([item]));
  return sound(document);
}

/**
 * The text of the pipeline without the freezes of an environment that hold at a moment.
 *
 * @param now in RFC 3339 and UTC
 * @throws {UserError} `unknown-environment`; `not-frozen`.
 */
export function removeFreezes(text: string, environment: string, now: string): string {
  const { document, path, found } = open(text, environment);
  const moment = Date.parse(now);
  const { freezes } = found.gates;
  const left = freezes.filter(
    ({ from, until }) => Date.parse(from) > moment || moment >= Date.parse(until),
  );
  if (left.length === freezes.length) {
    throw new UserError(
      "not-frozen",
      `${environment} is not frozen`,
      "npx slipway pipeline show   # tells every freeze",
    );
  }
  for (let index = freezes.length - 1; index >= 0; index--) {
    if (!left.includes(freezes[index] as Freeze)) document.deleteIn([...path, index]);
  }
  if (left.length === 0) document.deleteIn(path);
  return sound(document);
}

function open(text: string, name: string) {
  const pipeline = parsePipeline(pipelineFile, text);
  const found = environmentNamed(pipeline, name);
  const path = ["environments", pipeline.environments.indexOf(found), "gates", "freezes"];
  return { document: parseDocument(text), path, found };
}

/** Nothing is written that the next command would refuse. */
function sound(document: Document): string {
  const text = document.toString({ lineWidth: 0 });
  parsePipeline(pipelineFile, text);
  return text;
}
