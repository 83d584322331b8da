import { mkdir } from "node:fs/promises";
import { backendFolder, type EngineRun, ensureStack } from "../adapters/pulumi/engine.ts";
import { passphraseFile } from "../adapters/pulumi/stack-config.ts";
import type { DeployOptions } from "./deploy.ts";
import { type DeployPlan, planDeploy } from "./plan.ts";
import { syncSecrets } from "./secrets.ts";

/** A stack that is ready to be handed to the engine. */
export interface Session {
  readonly engine: EngineRun;
  readonly plan: DeployPlan;
}

/**
 * Gets everything together that a preview or a deployment needs, and refuses what cannot work:
 * the files, the passphrase, the secrets. No cluster is called.
 */
export async function openSession({ stack, report, signal }: DeployOptions): Promise<Session> {
  await mkdir(backendFolder, { recursive: true, mode: 0o700 });
  const access: EngineRun = {
    project: "deploy",
    stack,
    passphraseFile: await passphraseFile(stack),
    report,
    signal,
  };
  const secrets = await syncSecrets(access);
  const engine = { ...access, secrets: Object.values(secrets.values) };
  const plan = await planDeploy(stack, secrets);
  await ensureStack(engine);
  return { engine, plan };
}
