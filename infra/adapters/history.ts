import type { EvidenceEntry } from "../domain/evidence/evidence.ts";
import { type DeliveryFigures, deliveryFigures } from "../domain/evidence/figures.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { planStack } from "../domain/stack/plan.ts";
import { readEvidence } from "./evidence.ts";
import { readStackTexts } from "./workspace.ts";

/** What happened in an environment. */
export interface History {
  /** Of all agents together, oldest first. */
  readonly entries: readonly EvidenceEntry[];
  readonly figures: DeliveryFigures;
}

/**
 * Tells what the evidence of an environment says.
 *
 * @param agent only this one. @default all
 * @throws {UserError} `unknown-environment`; `invalid-input` when a log is not the chain it was.
 */
export async function readHistory(environment: string, agent?: string): Promise<History> {
  const texts = await readStackTexts(environment);
  const { environments } = parsePipeline(pipelineFile, texts[pipelineFile] ?? "");
  const { agents } = planStack({ environment, texts });
  const names = agents.map(({ name }) => name).filter((name) => !agent || name === agent);
  const known = environments.map(({ name }) => name);
  const evidence = await Promise.all(names.map((name) => readEvidence(name, known)));
  const entries = evidence.flatMap((logs) => logs[environment] ?? []);
  return {
    entries: entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    figures: deliveryFigures(environment, evidence),
  };
}
