import { runEngine } from "../adapters/pulumi/engine.ts";
import type { Change } from "../adapters/pulumi/events.ts";
import type { DeployOptions } from "./deploy.ts";
import { openSession } from "./session.ts";

/**
 * Tells what a deployment of the stack would change, by the engine's own preview, against the live
 * cluster. Nothing is changed there; the stack's own configuration takes up the secrets of its env
 * file.
 */
export async function preview(options: DeployOptions): Promise<readonly Change[]> {
  const { engine } = await openSession(options);
  const { changes } = await runEngine("preview", { ...engine, refresh: true });
  return changes;
}
