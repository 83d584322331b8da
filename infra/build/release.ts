import { join } from "node:path";
import { writeAtomically } from "../adapters/files.ts";
import { root } from "../adapters/paths.ts";
import type { Report } from "../adapters/report.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { readCluster } from "../cluster/record.ts";
import { UserError } from "../domain/errors.ts";
import { parsePackage } from "../domain/package/parse.ts";
import { type Release, renderRelease } from "../domain/release/release.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { buildAgent } from "./build.ts";

export interface BuildOptions {
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
export async function buildRelease({ agent, report, signal }: BuildOptions) {
  const texts = await readStackTexts("");
  const file = `infra/packages/${agent}/package.yaml`;
  const text = texts[file];
  if (text === undefined) {
    const known = Object.keys(texts).flatMap(
      (path) => /^infra\/packages\/(.+)\/package\.yaml$/.exec(path)?.[1] ?? [],
    );
    throw new UserError(
      "no-package",
      `${file} does not exist; there are: ${known.join(", ") || "no packages"}`,
      `npx slipway build ${known[0] ?? "<agent>"}`,
    );
  }
  const { version } = parsePackage(file, text);
  const [first] = parsePipeline(pipelineFile, texts[pipelineFile] ?? "").environments;
  const cluster = await readCluster();
  const { reference, changed } = await buildAgent({ agent, cluster, report, signal });
  const release: Release = { package: agent, version, image: reference };
  const path = `stacks/${first?.name}/${agent}/release.json`;
  await writeAtomically(join(root, path), renderRelease(release), 0o644);
  return { release, file: path, changed };
}
