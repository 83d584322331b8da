import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists, writeAtomically } from "../adapters/files.ts";
import { projectFolder, root, stateFolder } from "../adapters/paths.ts";
import { stateFile } from "../adapters/pulumi/engine.ts";
import { stackConfigFile } from "../adapters/pulumi/stack-config.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import type { ClusterTarget } from "./plan.ts";
import type { StackSummary } from "./summary.ts";

/** What the last successful deployment of a stack left behind, so that the next can see that nothing changed. */
export interface DeployRecord {
  /** Digest of everything that decided the deployment: see `fingerprintInputs`. */
  readonly inputs: string;
  readonly target: ClusterTarget;
  readonly summary: StackSummary;
  /**
   * The objects as they were applied, each with the UID that the cluster gave it, Secrets without
   * their data: a Secret is immutable, so with the same UID it has the same content.
   */
  readonly objects: readonly KubernetesObject[];
}

/** Where the record of a stack is kept. */
export const recordFile = (stack: string) => join(projectFolder, "deployed", `${stack}.json`);

/** The record of a stack, or undefined when it was not deployed from here, or by another version. */
export async function readRecord(stack: string): Promise<DeployRecord | undefined> {
  const text = await readIfExists(recordFile(stack));
  return text === undefined ? undefined : JSON.parse(text);
}

export async function writeRecord(stack: string, record: DeployRecord): Promise<void> {
  await writeAtomically(recordFile(stack), JSON.stringify(record));
}

/**
 * A digest of the files, and of the marks of files too large or too secret to read, that decide
 * what a deployment does: the stack's texts, its env file, its encrypted configuration, the
 * passphrase file, the engine's state, the local cluster, and Slipway itself.
 */
export async function fingerprintInputs(stack: string, passphrasePath: string): Promise<string> {
  const texts = await readStackTexts(stack);
  const marks = await Promise.all([
    mark(join(root, "stacks", `.env.${stack}`)),
    mark(stackConfigFile(stack)),
    mark(passphrasePath),
    mark(stateFile({ project: "deploy", stack })),
    mark(join(stateFolder, "cluster.json")),
  ]);
  const build = typeof SLIPWAY_BUILD === "string" ? SLIPWAY_BUILD : String(process.pid);
  return createHash("sha256")
    .update(JSON.stringify([build, Object.entries(texts).sort(), marks]))
    .digest("hex");
}

/** Names the compiled copy of Slipway that runs: see scripts/load.mjs. */
declare const SLIPWAY_BUILD: string | undefined;

async function mark(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : "none";
}
