import type { Change } from "../adapters/pulumi/events.ts";
import type { DeployOptions } from "./deploy.ts";
import { openSession } from "./session.ts";

/**
 * Tells what a deployment of the stack would change, by the engine's own preview, against the live
 * cluster. Nothing is changed.
 */
export async function preview(options: DeployOptions): Promise<readonly Change[]> {
  const { engine, plan } = await openSession(options);
  const { runEngine } = await import("../adapters/pulumi/engine.ts");
  const { deployProgram } = await import("./program.ts");
  const { changes } = await runEngine("preview", {
    ...engine,
    refresh: true,
    program: () => deployProgram(plan),
  });
  return changes;
}
