import { UserError } from "../errors.ts";
import { imageReferencePattern } from "../release/release.ts";
import { checkSchema } from "../text/check.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";
import { type ArtifactConfig, type Manifest, mediaTypes } from "./artifact.ts";
import { readJson } from "./json.ts";
import { archiveLimits } from "./tar.ts";

/** No config of ours is longer, in bytes. */
const maxConfigBytes = 256 * 1024;

const annotations: Schema = mapOf({ type: "string" }, { type: "string" });

function descriptor(mediaType: string, maxBytes: number): Schema {
  return closed(
    {
      mediaType: { type: "string", enum: [mediaType] },
      digest: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
      size: { type: "integer", minimum: 0, maximum: maxBytes },
      annotations,
    },
    ["mediaType", "digest", "size"],
  );
}

const manifestSchema = closed(
  {
    schemaVersion: { type: "integer", enum: [2] },
    mediaType: { type: "string", enum: [mediaTypes.manifest] },
    artifactType: { type: "string", enum: [mediaTypes.artifact] },
    config: descriptor(mediaTypes.config, maxConfigBytes),
    layers: {
      type: "array",
      minItems: 1,
      // Beside the files, the archive holds a header for each of them and their list.
      items: descriptor(mediaTypes.content, 2 * archiveLimits.totalBytes),
    },
    annotations,
  },
  ["schemaVersion", "artifactType", "config", "layers"],
);

const text: Schema = { type: "string", maxLength: 200 };

const configSchema = closed(
  {
    name: text,
    version: text,
    appVersion: text,
    description: text,
    kubernetes: text,
    dependencies: {
      type: "array",
      items: closed({ name: text, version: text, repository: text }, ["name", "version"]),
    },
    image: { type: "string", pattern: imageReferencePattern },
  },
  ["name", "version", "appVersion", "kubernetes", "dependencies"],
);

/** Reads the manifest of an artifact. @throws {UserError} `no-package-artifact` when it is another. */
export function parseManifest(reference: string, bytes: Uint8Array): Manifest {
  const manifest = parse<Manifest>(reference, bytes, manifestSchema);
  if (manifest.layers.length === 1) return manifest;
  throw notAPackage(reference, `it has ${manifest.layers.length} layers`);
}

/** Reads the config of an artifact. @throws {UserError} `no-package-artifact` when it is another. */
export function parseConfig(reference: string, bytes: Uint8Array): ArtifactConfig {
  return parse<ArtifactConfig>(reference, bytes, configSchema);
}

function parse<T>(reference: string, bytes: Uint8Array, schema: Schema): T {
  const value = readJson(new TextDecoder().decode(bytes));
  const [violation] = checkSchema(schema, value);
  if (violation === undefined) return value as T;
  throw notAPackage(reference, violation.message);
}

function notAPackage(reference: string, why: string): UserError {
  return new UserError(
    "no-package-artifact",
    `${reference} is not a package of Slipway: ${why}`,
    "Name one that package push has printed",
  );
}
