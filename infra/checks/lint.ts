import { createHash } from "node:crypto";
import type { Report } from "../adapters/report.ts";
import { readStackTexts, stackFolders } from "../adapters/workspace.ts";
import { describeFinding } from "../domain/lint/finding.ts";
import { enforcePolicy, lintStack } from "../domain/lint/lint.ts";
import { lintWorkspace, readLocks, type WorkspaceLint } from "../domain/lint/lint-workspace.ts";
import type { ManifestInput } from "../domain/manifests/input.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";

export interface LintRequest {
  /** @default every environment, and packages that none of them runs by themselves */
  readonly environment?: string;
  /** @default every agent */
  readonly agent?: string;
}

/**
 * Holds every rule against what this checkout would deploy.
 *
 * @throws {UserError} what `lintWorkspace` refuses.
 */
export async function lintCheckout(request: LintRequest): Promise<WorkspaceLint> {
  const texts = await readStackTexts(...(await stackFolders()));
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  return lintWorkspace({ texts, ...request, sha256, today: today() });
}

/**
 * Holds every rule against a stack that is about to be deployed. What does not stop it is reported.
 *
 * @throws {RefusedError} `policy` with every error, where the environment's policy is mandatory.
 */
export async function checkPolicy(
  { environment, agents }: ManifestInput,
  objects: readonly KubernetesObject[],
  report: Report,
): Promise<void> {
  const texts = await readStackTexts();
  const { waivers } = parsePipeline(pipelineFile, texts[pipelineFile] ?? "");
  const stack = { environment, agents, objects, locks: readLocks(texts) };
  const { findings } = lintStack({ ...stack, waivers, today: today() });
  for (const finding of enforcePolicy(environment, findings)) report(describeFinding(finding));
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
