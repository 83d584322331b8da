import type { Pipeline } from "./environment.ts";
import { pipelineFile } from "./pipeline.ts";

/**
 * The lines of `.github/CODEOWNERS` that make an environment's approvers necessary for a change of
 * what runs there. Whoever approves anything also owns the pipeline, or a gate could be removed by
 * those whom it stops.
 *
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function renderCodeowners({ environments }: Pipeline): string {
  const owned = environments.filter(({ gates }) => gates.approvals.length > 0);
  const everybody = new Set(owned.flatMap(({ gates }) => gates.approvals));
  const lines = owned.map(({ name, gates }) => `/stacks/${name}/ ${gates.approvals.join(" ")}`);
  if (everybody.size > 0) lines.unshift(`/${pipelineFile} ${[...everybody].join(" ")}`);
  return lines.map((line) => `${line}\n`).join("");
}
