import type { Problem } from "../errors.ts";
import { EndlessSchemaError } from "../json-schema/budget.ts";
import { evaluate } from "../json-schema/evaluate.ts";
import type { JsonSchema } from "../json-schema/json-schema.ts";
import { schemaProblems } from "../json-schema/well-formed.ts";
import { readDocument, type SourceDocument } from "../text/document.ts";
import { deciding } from "./resolve.ts";
import type { Values } from "./values.ts";

/** The file with which a package narrows what its values may be. */
export function ownSchemaFile(agent: string): string {
  return `infra/packages/${agent}/values.schema.json`;
}

/**
 * What a package's own schema says against an agent's merged values, at the place in the layer that
 * decided it; or what is wrong with the schema itself. Nothing when the package has none.
 */
export function ownSchemaProblems(
  agent: string,
  texts: Readonly<Record<string, string>>,
  values: Values,
  layers: readonly SourceDocument[],
): readonly Problem[] {
  const file = ownSchemaFile(agent);
  const text = texts[file];
  if (text === undefined) return [];
  const problems: Problem[] = [];
  const schema = readOwnSchema(file, text, problems);
  if (schema === undefined) return problems;
  try {
    return evaluate(schema, values).map(({ path, message }) => deciding(layers, path, message));
  } catch (error) {
    if (!(error instanceof EndlessSchemaError)) throw error;
    return [{ file, message: "the schema goes in circles, or asks for too much work" }];
  }
}

/** Reads a `values.schema.json`. What is wrong with it is added to `problems`; it is then undefined. */
export function readOwnSchema(
  file: string,
  text: string,
  problems: Problem[],
): JsonSchema | undefined {
  const document = readDocument(file, text);
  const found = [
    ...document.problems,
    ...(document.problems.length === 0 ? schemaProblems(document.value) : []).map(
      ({ path, message }) => document.problemAt(path, message),
    ),
  ];
  problems.push(...found);
  return found.length === 0 ? (document.value as JsonSchema) : undefined;
}
