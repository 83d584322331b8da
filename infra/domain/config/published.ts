import { dialect } from "../json-schema/well-formed.ts";
import { packageSchema } from "../package/schema.ts";
import { evalFileSchema } from "../package-tests/eval-file.ts";
import { smokeFileSchema } from "../package-tests/smoke-file.ts";
import { testFileSchema } from "../package-tests/test-file.ts";
import { evalTitles, smokeTitles, testTitles } from "../package-tests/titles.ts";
import { releaseSchema } from "../release/parse.ts";
import { pipelineSchema } from "../stack/pipeline.ts";
import { layerOf, type Schema } from "../text/schema.ts";
import { valuesSchema } from "../values/schema.ts";
import { defaultValues } from "../values/values.ts";
import { lookUp } from "./keys.ts";
import {
  packageTitles,
  pipelineTitles,
  releaseTitles,
  type Titles,
  valuesTitles,
} from "./titles.ts";

/** Folder of the published schemas, from the root of the repository. */
const folder = "infra/schemas";

/**
 * The JSON Schemas with which editors complete and check the files of a repository, as texts by
 * path. They are the schemas that Slipway itself checks by, with words for the reader.
 */
export function publishedSchemas(): Readonly<Record<string, string>> {
  const files = {
    evals: publish("tests/evals.yaml", evalFileSchema, evalTitles),
    package: publish("package.yaml", packageSchema, packageTitles),
    pipeline: publish("stacks/pipeline.yaml", pipelineSchema, pipelineTitles),
    release: publish("release.json", releaseSchema, releaseTitles),
    smoke: publish("tests/smoke.yaml", smokeFileSchema, smokeTitles),
    tests: publish("tests/*.yaml", testFileSchema, testTitles),
    values: publish("values.yaml", layerOf(valuesSchema), valuesTitles, defaultValues),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, schema]) => [
      `${folder}/${name}.schema.json`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  );
}

function publish(file: string, schema: Schema, titles: Titles, defaults: unknown = {}): object {
  const title = `${file} of Slipway`;
  return { $schema: dialect, title, ...describe(schema, [], titles, defaults) };
}

/** Adds to each part of a schema what it means, and what holds where nothing is said. */
function describe(
  schema: Schema,
  path: readonly string[],
  titles: Titles,
  defaults: unknown,
): object {
  const { properties, additionalProperties, items, description, ...rest } = schema;
  const inner = (child: Schema, key: string) => describe(child, [...path, key], titles, defaults);
  const value = lookUp(defaults, path);
  const texts = [titles[path.join(".")] ?? [], description ? `Must be ${description}.` : []].flat();
  return {
    ...(texts.length > 0 && { description: texts.join(" ") }),
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, child]) => [key, inner(child, key)]),
      ),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === "object"
          ? inner(additionalProperties, "*")
          : additionalProperties,
    }),
    ...(items && { items: inner(items, "*") }),
    ...(value !== undefined && path.length > 0 && { default: value }),
  };
}
