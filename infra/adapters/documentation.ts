import { join } from "node:path";
import { publishedSchemas } from "../domain/config/published.ts";
import { withValuesTable } from "../domain/config/table.ts";
import { type Problem, refuseProblems, UserError } from "../domain/errors.ts";
import type { PlainMap } from "../domain/plain-map.ts";
import { readDocument } from "../domain/text/document.ts";
import { didYouMean } from "../domain/text/nearest.ts";
import { ownSchemaFile, readOwnSchema } from "../domain/values/own-schema.ts";
import { layerProblems } from "../domain/values/resolve.ts";
import { readIfExists, writeAtomically } from "./files.ts";
import { root } from "./paths.ts";
import { readStackTexts } from "./workspace.ts";

/** A file that is made from others. */
export interface WrittenFile {
  /** From the root of the checkout. */
  readonly file: string;
  readonly text: string;
  /** Whether the file has this text already. */
  readonly current: boolean;
}

/**
 * The files that `config docs` keeps: the table of values in the README of each package, and the
 * published schemas.
 *
 * @param agent only the README of this package. @default everything
 * @throws {UserError} `no-package`; `invalid-input` with every problem of every file.
 */
export async function readDocumentation(agent?: string): Promise<readonly WrittenFile[]> {
  const texts = await readStackTexts();
  const packages = Object.keys(texts).flatMap((path) => packageFile.exec(path)?.[1] ?? []);
  if (agent !== undefined && !packages.includes(agent)) throw noPackage(agent, packages);
  const problems: Problem[] = [];
  const names = agent === undefined ? packages : [agent];
  const readmes = await Promise.all(names.map((name) => readme(name, texts, problems)));
  refuseProblems(problems);
  const schemas = agent === undefined ? Object.entries(publishedSchemas()) : [];
  return Promise.all(
    [...readmes, ...schemas].map(async ([file, text]) => ({
      file,
      text,
      current: (await readIfExists(join(root, file))) === text,
    })),
  );
}

const packageFile = /^infra\/packages\/([^/]+)\/package\.yaml$/;

function noPackage(name: string, known: readonly string[]): UserError {
  return new UserError(
    "no-package",
    `there is no package "${name}"${didYouMean(name, known)}`,
    `choose one of: ${known.join(", ")}`,
  );
}

async function readme(
  name: string,
  texts: Readonly<Record<string, string>>,
  problems: Problem[],
): Promise<readonly [string, string]> {
  const file = `infra/packages/${name}/README.md`;
  const valuesFile = `infra/packages/${name}/values.yaml`;
  const values = readDocument(valuesFile, texts[valuesFile] ?? "");
  problems.push(...layerProblems(values));
  const text = texts[ownSchemaFile(name)];
  const own = text === undefined ? true : readOwnSchema(ownSchemaFile(name), text, problems);
  const old = (await readIfExists(join(root, file))) ?? `# ${name}\n`;
  return [file, values.value ? withValuesTable(old, values.value as PlainMap, own) : old];
}

/** Writes the files that are not current, and returns their paths. */
export async function writeDocumentation(
  files: readonly WrittenFile[],
): Promise<readonly string[]> {
  const stale = files.filter(({ current }) => !current);
  for (const { file, text } of stale) await writeAtomically(join(root, file), text, 0o644);
  return stale.map(({ file }) => file);
}
