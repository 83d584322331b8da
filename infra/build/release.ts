import { releaseFile, releaseImage } from "../adapters/releases.ts";
import type { Report } from "../adapters/report.ts";
import { readSourceTexts } from "../adapters/workspace.ts";
import { readCluster } from "../cluster/record.ts";
import { UserError } from "../domain/errors.ts";
import { parsePackage } from "../domain/package/parse.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { buildAgent } from "./build.ts";

/** What to build and release. */
export interface ReleaseOptions {
  /** Name of a package: a folder under infra/packages. */
  readonly agent: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Builds an agent's image, pushes it, and makes it the release of the pipeline's first environment.
 *
 * @throws {UserError} `no-package`, and everything that `buildAgent` throws.
 */
export async function buildRelease({ agent: name, report, signal }: ReleaseOptions) {
  const texts = await readSourceTexts("");
  const agent = findAgent(name, texts);
  const [first] = parsePipeline(pipelineFile, texts[pipelineFile] ?? "").environments;
  const cluster = await readCluster();
  const { reference, changed } = await buildAgent({ agent, cluster, report, signal });
  const environment = first?.name ?? "";
  const release = await releaseImage(environment, name, reference);
  return { release, file: releaseFile(environment, name), changed };
}

function findAgent(name: string, texts: Readonly<Record<string, string>>) {
  const folder = `infra/packages/${name}`;
  const file = `${folder}/package.yaml`;
  const text = texts[file];
  if (text !== undefined) return { name, folder, package: parsePackage(file, text) };
  const known = Object.keys(texts).flatMap(
    (path) => /packages\/(.+)\/package\.yaml$/.exec(path)?.[1] ?? [],
  );
  throw new UserError(
    "no-package",
    `${file} does not exist; there are: ${known.join(", ") || "none"}`,
    `npx slipway build ${known[0] ?? "<agent>"}`,
  );
}
