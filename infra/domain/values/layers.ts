import { readDocument, type SourceDocument } from "../text/document.ts";
import { overridesFile, readOverrides } from "./overrides.ts";

/** What stands in place of a file for the lowest layer, which Slipway brings along. */
export const builtIn = "built-in default";

/**
 * The one precedence of values: the files of the layers over the built-in defaults, the lowest
 * first. Each wins over those before it. Secrets are no layer: they come beside the values.
 */
export function layerFiles(environment: string, agent: string): readonly string[] {
  const [stack, overrides] = sharedLayerFiles(environment);
  return [
    `infra/packages/${agent}/values.yaml`,
    stack,
    `stacks/${environment}/${agent}/values.yaml`,
    overrides,
  ];
}

/** The layers that all agents of an environment have in common, the lowest first. */
export function sharedLayerFiles(environment: string): readonly [string, string] {
  return [`stacks/${environment}/values.yaml`, overridesFile];
}

/** Reads one layer of `layerFiles`. A file that is not there says nothing. */
export function readLayer(file: string, { texts, set = [] }: LayerInput): SourceDocument {
  return file === overridesFile ? readOverrides(set) : readDocument(file, texts[file] ?? "");
}

/** Where the layers come from. */
export interface LayerInput {
  /** Texts by path from the root of the repository. */
  readonly texts: Readonly<Record<string, string>>;
  /** `key.path=value` assignments. @default none */
  readonly set?: readonly string[];
}
