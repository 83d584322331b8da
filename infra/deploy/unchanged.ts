import { existsSync } from "node:fs";
import { join } from "node:path";
import { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { root } from "../adapters/paths.ts";
import { passphraseFile } from "../adapters/pulumi/stack-config.ts";
import { evidenceFile } from "../domain/evidence/evidence.ts";
import { judgeRollout } from "../domain/rollout/judge.ts";
import { readFacts } from "./facts.ts";
import { compareLive } from "./live.ts";
import { type DeployRecord, fingerprintInputs, readRecord } from "./record.ts";

/**
 * The record of the last deployment, when another one would find nothing to do: nothing that
 * decides it has changed since, every object in the cluster still holds every field that was set,
 * and every pod is ready. Any doubt gives undefined, and the engine decides.
 */
export async function findUnchanged(stack: string): Promise<DeployRecord | undefined> {
  const record = await readRecord(stack);
  if (!record) return undefined;
  const inputs = await fingerprintInputs(stack, await passphraseFile(stack));
  if (inputs !== record.inputs || !hasEvidence(record)) return undefined;
  const client = await KubernetesClient.connect(record.target.kubeconfig, record.target.context);
  try {
    return (await holds(client, record)) ? record : undefined;
  } finally {
    client.close();
  }
}

/** Without it, nothing deployed can be verified, so that it is made again. */
function hasEvidence({ summary: { stack, agents } }: DeployRecord): boolean {
  return agents.every(({ name }) => existsSync(join(root, evidenceFile(stack, name))));
}

async function holds(
  client: KubernetesClient,
  { objects, summary }: DeployRecord,
): Promise<boolean> {
  const [compared, { deployments, ...facts }] = await Promise.all([
    compareLive(client, objects),
    readFacts(client, summary.namespace),
  ]);
  const agents = new Set(summary.agents.map(({ name }) => name));
  return (
    compared.every(({ differences }) => differences.length === 0) &&
    deployments
      .filter(({ metadata }) => agents.has(metadata.name))
      .every((deployment) => judgeRollout({ deployment, ...facts }).kind === "ready")
  );
}
